import { dirname, join, sep } from 'node:path';
import ts from 'typescript';

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
  const folder = join(root, 'packages/domain');
  const config = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.src.json'),
    { noEmit: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (problem) => {
        throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, ' '));
      },
    },
  );
  if (config === undefined) throw new Error('packages/domain/tsconfig.src.json cannot be read');
  const program = ts.createProgram(config.fileNames, config.options);
  const checker = program.getTypeChecker();

  const comments = new Map<string, string>();
  const commands = new Map<string, string[]>();
  for (const file of program.getSourceFiles()) {
    for (const { command, branch } of branchesOf(file)) {
      for (const event of reachedFrom(branch, dirname(file.fileName), checker)) {
        commands.set(event, [...new Set([...(commands.get(event) ?? []), command])]);
      }
    }
    for (const declaration of eventsIn(file)) comments.set(declaration.name.text, commentOf(declaration, checker));
  }
  return { comments, commands };
};

type Named = ts.VariableDeclaration & { readonly name: ts.Identifier };

const isEvent = (node: ts.Node): node is Named =>
  ts.isVariableDeclaration(node) &&
  ts.isIdentifier(node.name) &&
  node.initializer !== undefined &&
  ts.isCallExpression(node.initializer) &&
  node.initializer.expression.getText() === 'defineEvent';

const eventsIn = (file: ts.SourceFile): readonly Named[] =>
  file.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => declarationList.declarations.filter(isEvent));

const commentOf = ({ name }: Named, checker: ts.TypeChecker): string => {
  const symbol = checker.getSymbolAtLocation(name);
  return symbol === undefined ? '' : ts.displayPartsToString(symbol.getDocumentationComment(checker));
};

interface Branch {
  readonly command: string;
  readonly branch: ts.Node;
}

/** The branches of `decide` by command: cases of the switch, and tests of `command.type` before it. */
const branchesOf = (file: ts.SourceFile): readonly Branch[] => {
  const found: Branch[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCaseClause(node) && ts.isStringLiteral(node.expression)) {
      found.push({ command: node.expression.text, branch: node });
    } else if (ts.isIfStatement(node) && ts.isBinaryExpression(node.expression)) {
      const { left, right } = node.expression;
      if (left.getText() === 'command.type' && ts.isStringLiteral(right)) {
        found.push({ command: right.text, branch: node.thenStatement });
      }
    }
    ts.forEachChild(node, visit);
  };
  const decide = file.statements.find(
    (statement) => ts.isVariableStatement(statement) && /^(export )?const decide /.test(statement.getText()),
  );
  if (decide === undefined) return [];
  visit(decide);
  // An aggregate with one command has no switch; the command is named as its interface is.
  return found.length > 0 ? found : [{ command: theOnlyCommand(file), branch: decide }];
};

const theOnlyCommand = (file: ts.SourceFile): string => {
  const commands = ts.sys.readFile(join(dirname(file.fileName), 'commands.ts')) ?? file.text;
  return /readonly type: '(\w+)'/.exec(commands)?.[1] ?? 'unknown';
};

const reachedFrom = (start: ts.Node, folder: string, checker: ts.TypeChecker): readonly string[] => {
  const events = new Set<string>();
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isIdentifier(node)) {
      for (const declaration of declarationsOf(node, checker)) {
        if (seen.has(declaration)) continue;
        seen.add(declaration);
        if (isEvent(declaration)) events.add(declaration.name.text);
        else if (declaration.getSourceFile().fileName.startsWith(folder.split(sep).join('/') + '/')) visit(declaration);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(start);
  return [...events];
};

/** Functions and values that a name stands for, through imports; not types, parameters or fields. */
const declarationsOf = (name: ts.Identifier, checker: ts.TypeChecker): readonly ts.Node[] => {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  if (symbol === undefined) return [];
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? []).filter(
    (declaration) => ts.isVariableDeclaration(declaration) && ts.isSourceFile(declaration.parent.parent.parent),
  );
};
