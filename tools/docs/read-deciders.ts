import { dirname } from 'node:path';
import ts from 'typescript';
import { branchesOf, type Constant, domainProgram, visitReached } from './domain-program.ts';

/** What the sources say about events: the comment of each, and the commands that can lead to it. */
export interface EventSources {
  readonly comments: ReadonlyMap<string, string>;
  readonly commands: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads the deciders of the domain. A command leads to every event whose constructor its branch of `decide` reaches,
 * directly or through functions of the same aggregate; so the pages cannot say anything else than the code.
 */
export const readDeciders = (root: string): EventSources => {
  const program = domainProgram(root);
  const checker = program.getTypeChecker();

  const comments = new Map<string, string>();
  const commands = new Map<string, string[]>();
  for (const file of program.getSourceFiles()) {
    for (const { command, nodes } of branchesOf(file)) {
      for (const event of nodes.flatMap((node) => eventsReached(node, dirname(file.fileName), checker))) {
        commands.set(event, [...new Set([...(commands.get(event) ?? []), command])]);
      }
    }
    for (const declaration of eventsIn(file)) comments.set(declaration.name.text, commentOf(declaration, checker));
  }
  return { comments, commands };
};

const isEvent = (node: ts.Node): node is Constant =>
  ts.isVariableDeclaration(node) &&
  ts.isIdentifier(node.name) &&
  node.initializer !== undefined &&
  ts.isCallExpression(node.initializer) &&
  node.initializer.expression.getText() === 'defineEvent';

const eventsIn = (file: ts.SourceFile): readonly Constant[] =>
  file.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => declarationList.declarations.filter(isEvent));

const commentOf = ({ name }: Constant, checker: ts.TypeChecker): string => {
  const symbol = checker.getSymbolAtLocation(name);
  return symbol === undefined ? '' : ts.displayPartsToString(symbol.getDocumentationComment(checker));
};

const eventsReached = (start: ts.Node, folder: string, checker: ts.TypeChecker): readonly string[] => {
  const events = new Set<string>();
  visitReached(start, folder, checker, {
    enter: (constant) => {
      if (isEvent(constant)) events.add(constant.name.text);
      return !isEvent(constant);
    },
  });
  return [...events];
};
