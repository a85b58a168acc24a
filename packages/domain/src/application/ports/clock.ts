/** What time it is. */
export interface Clock {
  readonly now: () => Date;
}

/** UUIDs for what has no natural id: commands, requests. */
export interface Ids {
  readonly uuid: () => string;
}
