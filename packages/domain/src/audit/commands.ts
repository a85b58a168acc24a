import type { CommandContext, PrincipalId, Privilege } from '../kernel/command.ts';
import type { RefusalReason } from './events.ts';

/** The actor wanted what they may not do. */
export interface RecordRefusal {
  readonly type: 'RecordRefusal';
  readonly context: CommandContext;
  readonly wanted: string;
  readonly reason: RefusalReason;
  readonly privileges: readonly Privilege[];
  readonly recordId: string | null;
}

/** The actor has taken a part of the audit trail away in a file. */
export interface RecordAuditExport {
  readonly type: 'RecordAuditExport';
  readonly context: CommandContext;
  readonly format: 'ndjson' | 'csv' | 'json';
  readonly lines: number;
  readonly recordId: string | null;
  readonly actorId: PrincipalId | null;
  readonly since: Date | null;
  readonly until: Date | null;
}

export type Command = RecordRefusal | RecordAuditExport;
