export { tokenIssuer, tokenKey } from './dovecot.ts';
export { realServerPrograms, type RealServerPrograms } from './programs.ts';
export { type RealMailServers, startRealMailServers } from './real-mail-servers.ts';
