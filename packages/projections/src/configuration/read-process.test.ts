import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentenceOf } from './findings.ts';
import { type ProcessKey, processKeys, type ProcessSetting, processSettings } from './process-settings.ts';
import { readProcessFile } from './read-process-file.ts';
import { resolveProcess } from './read-process.ts';

/** Texts that fit each setting, different from its default. */
const fitting: Readonly<Record<ProcessKey, readonly string[]>> = {
  store: ['one.db', 'two.db', 'esdb://node:2113'],
  views: ['one.db', 'postgres://db/rows', 'two.db'],
  vault: ['a', 'b', 'c'],
  vaultKey: ['a', 'b', 'c'],
  vaultKeyVariable: ['A', 'B', 'C'],
  only: ['mailboxes', 'mailboxes,alerts', 'process/testing'],
  processes: ['true', 'false', 'true'],
  onPoison: ['park', 'halt', 'park'],
  listen: ['127.0.0.1:1', '[::1]:2', '0.0.0.0:9464'],
  staleAfterSeconds: ['1', '2', '86400'],
  concurrency: ['1', '2', '1000'],
  logLevel: ['debug', 'silent', 'warn'],
};
const settingOf = (key: ProcessKey): ProcessSetting<unknown> => processSettings[key];
const valueOf = (key: ProcessKey, text: string): unknown => settingOf(key).parse(text);

test('a flag wins over a variable, a variable over the file, the file over the default', () => {
  const place = fc.option(fc.nat(2), { nil: undefined });
  fc.assert(
    fc.property(fc.constantFrom(...processKeys), place, place, place, (key, flag, variable, file) => {
      const texts = fitting[key];
      const text = (index: number | undefined): string | undefined => (index === undefined ? undefined : texts[index]);
      const [asFlag, asVariable, inFile] = [text(flag), text(variable), text(file)];
      const { settings, findings } = resolveProcess({
        flags: asFlag === undefined ? {} : { [key]: asFlag },
        environment: { [settingOf(key).variable]: asVariable ?? '' },
        file: inFile === undefined ? {} : { [key]: valueOf(key, inFile) },
      });
      const expected = asFlag ?? asVariable ?? inFile;
      expect(findings).toEqual([]);
      expect(settings[key]).toEqual(expected === undefined ? settingOf(key).fallback : valueOf(key, expected));
      for (const other of processKeys) if (other !== key) expect(settings[other]).toEqual(settingOf(other).fallback);
    }),
  );
});

describe('what does not fit', () => {
  const wrong: readonly (readonly [ProcessKey, string])[] = [
    ['staleAfterSeconds', 'soon'],
    ['staleAfterSeconds', '0'],
    ['concurrency', '1001'],
    ['logLevel', 'loud'],
    ['listen', '9464'],
    ['listen', 'host:70000'],
    ['onPoison', 'ignore'],
    ['processes', 'perhaps'],
    ['store', ''],
  ];
  test.each(wrong)('%s %j is told by the name of where it was given, and not repeated', (key, text) => {
    const { variable, flag, codec } = settingOf(key);
    const told = (flags: object, environment: Readonly<Record<string, string>>): readonly string[] =>
      resolveProcess({ flags, environment, file: {} }).findings.map(sentenceOf);
    const [name = ''] = flag.split(' ');
    expect(told({ [key]: text }, {})).toEqual([`${name}: expected ${codec.name}`]);
    // A variable that is empty is one that was not set.
    expect(told({}, { [variable]: text })).toEqual(text === '' ? [] : [`${variable}: expected ${codec.name}`]);
  });

  test('in the file is told with its path, all at once; profiles and their passwords are not looked at', () => {
    const sources = { folder: '/etc/mailroom', readText: () => undefined };
    const file = { process: { staleAfterSeconds: '60', listn: 'x' }, profiles: 'whatever' };
    const read = readProcessFile(JSON.stringify(file), sources);
    expect(read).toMatchObject({
      left: [
        { path: 'process.staleAfterSeconds' },
        { path: 'process.listn', problem: expect.stringContaining('"listen"') as string },
      ],
    });
    const fits = readProcessFile(
      JSON.stringify({ process: { store: 'a.db', views: 'postgres://db/x' }, mailboxes: 7 }),
      sources,
    );
    expect(fits).toMatchObject({ right: { process: { store: '/etc/mailroom/a.db', views: 'postgres://db/x' } } });
  });
});
