import type { Position } from '@mailroom/domain';

/** Sixteen digits hold every whole number up to 2^53, and compare as strings like numbers. */
export const positionOf = (place: number): Position => String(place).padStart(16, '0') as Position;

export const placeOf = (position: Position): number => Number(position);
