/** One page: who I am, my mailboxes with their three statuses and what is missing, my alerts wall, live. */
export const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>My mailboxes</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1f2328; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #d0d7de; }
  .success { color: #1a7f37; } .failure, .error { color: #cf222e; } .warning { color: #9a6700; } .notRun { color: #656d76; }
  .alert { border-left: 4px solid; padding: .2rem .8rem; margin: .6rem 0; } .alert span { color: #1f2328; }
  #checks { color: #656d76; min-height: 1.5em; }
</style>
<h1>My mailboxes</h1>
<p id="me">Open <code>/enter/TOKEN</code> with the token of a user first.</p>
<table><thead><tr><th>Mailbox<th>Incoming<th>Outgoing<th>Appointments<th>Missing next</thead><tbody id="mailboxes"></tbody></table>
<p id="checks"></p>
<h2>Alerts wall</h2>
<div id="alerts"></div>
<script type="module">
  const put = (parent, tag, text, className = '') => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    element.className = className;
    return element;
  };
  const words = { success: '✓ Success', failure: '✗ Failure', notRun: '– Not Run' };
  const shown = {
    mailboxes(rows) {
      const body = document.getElementById('mailboxes');
      body.replaceChildren();
      for (const { name, address, channels, missing } of rows) {
        const line = put(body, 'tr', '');
        put(line, 'td', name + ' ' + (address ?? ''));
        for (const { status, enabled, kind } of [channels.incoming, channels.outgoing, channels.act])
          put(line, 'td', words[status] + (kind ? ': ' + kind : enabled ? ', enabled' : ''), status);
        put(line, 'td', missing[0]?.text.sentence ?? 'nothing');
      }
    },
    alerts(rows) {
      const wall = document.getElementById('alerts');
      wall.replaceChildren();
      for (const { severity, about, count, text } of rows) {
        const alert = put(wall, 'div', '', 'alert ' + severity);
        put(alert, 'b', about.label + (count > 1 ? ' (' + count + ' times) ' : ' '));
        put(alert, 'span', text.sentence);
      }
      if (rows.length === 0) put(wall, 'p', 'Nothing to see to.');
    },
    check({ _tag, channel, step, verdict }) {
      document.getElementById('checks').textContent = channel + ': ' + (step ?? verdict ?? _tag);
    },
  };
  const me = await fetch('/api/me');
  if (me.ok) {
    const { name, role } = await me.json();
    document.getElementById('me').textContent = name + ', ' + role;
    const events = new EventSource('/api/live');
    for (const [event, show] of Object.entries(shown)) events.addEventListener(event, ({ data }) => show(JSON.parse(data)));
  }
</script>
</html>
`;
