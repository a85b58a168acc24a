import { dirname, join } from 'node:path';
import ts from 'typescript';
import { branchesOf, constantsOf, domainProgram, visitReached } from './domain-program.ts';

/** By which rules the code can turn commands down, by the name of the command. */
export interface RefusalSources {
  /** Of what an aggregate is asked. */
  readonly aggregates: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of what a host asks. */
  readonly hosts: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Reads which rejections the code of each command reaches. A command of a host reaches those of its use case, and of
 * every command of an aggregate that it names on its way. That is never too few; it may be more than ever come up.
 */
export const readRefusals = (root: string): RefusalSources => {
  const program = domainProgram(root);
  const checker = program.getTypeChecker();

  const aggregates = new Map<string, ReadonlySet<string>>();
  for (const file of program.getSourceFiles()) {
    for (const { command, nodes } of branchesOf(file)) {
      const folder = dirname(file.fileName);
      aggregates.set(command, new Set(nodes.flatMap((node) => [...reached(node, folder, checker).rejections])));
    }
  }

  const folder = join(root, 'packages/domain/src/application/use-cases');
  const hosts = new Map<string, ReadonlySet<string>>();
  for (const { name, initializer } of handlersIn(program.getSourceFile(join(folder, 'handlers.ts')))) {
    const command = name.getText();
    const { rejections, literals } = reached(initializer, folder, checker);
    const asked = [command, ...literals].flatMap((one) => [...(aggregates.get(one) ?? [])]);
    hosts.set(command, new Set([...rejections, ...asked]));
  }
  return { aggregates, hosts };
};

const handlersIn = (file: ts.SourceFile | undefined): readonly ts.PropertyAssignment[] => {
  const found: ts.PropertyAssignment[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() !== 'handlers') return;
    if (ts.isPropertyAssignment(node)) found.push(node);
    else ts.forEachChild(node, visit);
  };
  if (file !== undefined) visit(file);
  return found;
};

interface Reached {
  readonly rejections: ReadonlySet<string>;
  readonly literals: ReadonlySet<string>;
}

const reached = (start: ts.Node, folder: string, checker: ts.TypeChecker): Reached => {
  const rejections = new Set<string>();
  const literals = new Set<string>();
  visitReached(start, folder, checker, {
    look: (node) => {
      if (ts.isStringLiteral(node)) literals.add(node.text);
      if (ts.isPropertyAccessExpression(node) && isTableOfRejections(node.expression, checker)) {
        rejections.add(node.name.text);
      }
    },
  });
  return { rejections, literals };
};

/** Whether this is what `rejectionsOf` made. */
const isTableOfRejections = (expression: ts.Expression, checker: ts.TypeChecker): boolean =>
  ts.isIdentifier(expression) &&
  constantsOf(expression, checker).some(
    ({ initializer }) =>
      initializer !== undefined &&
      ts.isCallExpression(initializer) &&
      initializer.expression.getText() === 'rejectionsOf',
  );
