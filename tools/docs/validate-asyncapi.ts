import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';

/** What is wrong with a document by the published schema of AsyncAPI 3.0.0, and which of its references lead nowhere. */
export const problemsOfAsyncApi = (document: unknown): readonly string[] => {
  const path = import.meta.resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json');
  const specification = JSON.parse(readFileSync(fileURLToPath(path), 'utf8')) as object;
  // Formats are left to the schema's patterns: the document holds no URI but references, which are looked up below.
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  const validate = ajv.compile(specification);
  const problems = validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ''}`);
  return [...problems, ...danglingReferences(document)];
};

const danglingReferences = (document: unknown): readonly string[] => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
  return [...new Set(references)]
    .filter((path) => lookUp(document, path.split('/')) === undefined)
    .map((path) => `#/${path}: leads nowhere`);
};

const lookUp = (document: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (place, name) =>
      typeof place === 'object' && place !== null ? (place as Record<string, unknown>)[name] : undefined,
    document,
  );
