import type { QueryableView } from '@mailroom/projections';
import type { ActingMailroom, Mailroom } from '@mailroom/projections/host';
import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { answer, page } from './answers.ts';
import { html } from './page.ts';
import { live } from './live.ts';
import { queryOf } from './query-of.ts';
import { actorOf, type User } from './users.ts';

interface Known {
  readonly Variables: { readonly user: User; readonly me: ActingMailroom };
}

const views: readonly string[] = [
  'mailboxes',
  'profiles',
  'settings',
  'testRuns',
  'alerts',
  'failures',
  'history',
] satisfies readonly QueryableView[];
const isView = (name: string): name is QueryableView => views.includes(name);

/**
 * Whether what came in could not be read on its way. Behind a proxy that ends TLS, the proxy says so; without one,
 * only this machine itself is near enough.
 */
const isSecure = (c: Context): boolean => {
  const forwarded = c.req.header('x-forwarded-proto');
  if (forwarded !== undefined) return forwarded === 'https';
  return ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(getConnInfo(c).remote.address ?? '');
};

/** The HTTP face of this application. `stopping` ends the streams that would otherwise never end. */
export const createApp = (mailroom: Mailroom, users: readonly User[], stopping: AbortSignal): Hono<Known> => {
  const byToken = new Map(users.map((user) => [user.token, user]));
  const app = new Hono<Known>();

  app.get('/', (c) => c.html(html));
  app.get('/enter/:token', (c) => {
    setCookie(c, 'token', c.req.param('token'), { httpOnly: true, sameSite: 'Strict', path: '/' });
    return c.redirect('/');
  });

  app.use('/api/*', bodyLimit({ maxSize: 1_000_000 }), async (c, next) => {
    const token = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? getCookie(c, 'token');
    const user = byToken.get(token ?? '');
    if (user === undefined) return c.json({ failed: 'authorization: expected the token of a user' }, 401);
    c.set('user', user);
    c.set('me', mailroom.as(actorOf(user), { secureChannel: isSecure(c) }));
    return next();
  });

  app.get('/api/me', (c) => c.json({ name: c.var.user.name, role: c.var.user.role }));
  app.get('/api/credentials-entry', (c) => {
    const refused = c.var.me.canEnterCredentials();
    return c.json({ allowed: refused === null, why: refused?.sentence ?? null });
  });
  // Every command there is. The body is looked at by Mailroom; the key makes a repeated request harmless.
  app.post('/api/commands', async (c) => {
    const command: unknown = await c.req.json().catch(() => null);
    const key = c.req.header('idempotency-key');
    return answer(c, await c.var.me.executeUnknown(command, key === undefined ? {} : { commandId: key }));
  });
  app.get('/api/live', (c) => live(c, c.var.me, stopping));
  app.get('/api/:view', async (c) => {
    const view = c.req.param('view');
    if (!isView(view)) return c.json({ failed: `expected one of ${views.join(', ')}` }, 404);
    return page(c, await c.var.me.find(view, queryOf(c.req.query())));
  });
  return app;
};
