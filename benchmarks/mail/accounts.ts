/** Logins that the servers know; each is a mailbox with one message. */
export const accountCount = 2_000;

/** The login with this number; numbers beyond the last begin again. */
export const accountAt = (index: number): { readonly address: string; readonly password: string } => ({
  address: `user${index % accountCount}@example.test`,
  password: `secret-${index % accountCount}`,
});
