import { PrincipalId } from '../../kernel/command.ts';
import { PersonKind } from '../../person/index.ts';
import { count, nullable, oneOf } from '../../values/index.ts';
import { fields } from '../edge/fields.ts';
import { moment, recordId } from '../edge/inputs.ts';

/** The commands of those who look after the history. */
export const auditCommands = {
  /**
   * A part of the audit trail of the organization is being taken away in a file. Give it before the file is handed
   * over: what is not recorded is not exported.
   */
  RecordAuditExport: {
    needs: ['audit.read'],
    codec: fields(
      { type: oneOf('RecordAuditExport'), format: oneOf('ndjson', 'csv', 'json'), lines: count },
      {
        /** What the file was limited to; left out: not by it. */
        recordId: nullable(recordId),
        actorId: nullable(PrincipalId),
        since: nullable(moment),
        until: nullable(moment),
      },
    ),
  },
  /**
   * Deletes the key of a person, for ever: what events hold of them reads as erased from then on. Their mailbox (or the
   * account of the profile) is taken out of service first, its password leaves the vault and its address is free again.
   * `id`: the user or queue of the host, the forward mailbox, or the profile.
   */
  ErasePerson: {
    needs: ['personalData.erase'],
    codec: fields({ type: oneOf('ErasePerson'), kind: PersonKind, id: PrincipalId }, {}),
  },
} as const;
