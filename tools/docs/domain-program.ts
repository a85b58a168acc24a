import { dirname, join, sep } from 'node:path';
import ts from 'typescript';

let read: ts.Program | undefined;

/** The sources of the domain, without its tests, as the compiler sees them. Read once. */
export const domainProgram = (root: string): ts.Program => (read ??= programOf(root));

const programOf = (root: string): ts.Program => {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'packages/domain/tsconfig.src.json'),
    { noEmit: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (problem) => {
        throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, ' '));
      },
    },
  );
  if (config === undefined) throw new Error('packages/domain/tsconfig.src.json cannot be read');
  return ts.createProgram(config.fileNames, config.options);
};

/** A variable at the top of a module: there, functions are constants too. */
export type Constant = ts.VariableDeclaration & { readonly name: ts.Identifier };

/** The functions and values that a name stands for, through imports; not types, parameters or fields. */
export const constantsOf = (name: ts.Identifier, checker: ts.TypeChecker): readonly Constant[] => {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  if (symbol === undefined) return [];
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? []).filter(
    (declaration): declaration is Constant =>
      ts.isVariableDeclaration(declaration) &&
      ts.isIdentifier(declaration.name) &&
      ts.isSourceFile(declaration.parent.parent.parent),
  );
};

interface Visitor {
  /** Sees every node. */
  readonly look?: (node: ts.Node) => void;
  /** Sees every constant that is named, once, and says whether to go into it. */
  readonly enter?: (constant: Constant) => boolean;
}

/** Goes to every node that is reached from this one, directly and through the constants of one folder. */
export const visitReached = (
  start: ts.Node,
  folder: string,
  checker: ts.TypeChecker,
  { look = () => undefined, enter = () => true }: Visitor,
): void => {
  const inside = `${folder.split(sep).join('/')}/`;
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    look(node);
    if (ts.isIdentifier(node)) {
      for (const constant of constantsOf(node, checker)) {
        if (seen.has(constant)) continue;
        seen.add(constant);
        if (enter(constant) && constant.getSourceFile().fileName.startsWith(inside)) visit(constant);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(start);
};

/** What an aggregate does for one command. `nodes`: its own branch of `decide`, and what is asked before that. */
export interface Branch {
  readonly command: string;
  readonly nodes: readonly ts.Node[];
}

/** The branches of the `decide` of this file by command: cases of the switch, and tests of `command.type` before it. */
export const branchesOf = (file: ts.SourceFile): readonly Branch[] => {
  const decide = file.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find(({ name }) => ts.isIdentifier(name) && name.text === 'decide');
  if (decide?.initializer === undefined || !ts.isArrowFunction(decide.initializer)) return [];
  const { body } = decide.initializer;
  const found: Branch[] = [];
  const before: ts.Node[] = [];
  for (const statement of ts.isBlock(body) ? body.statements : []) {
    const only = commandTested(statement);
    if (only !== null) found.push({ command: only, nodes: [...before, statement] });
    else if (ts.isSwitchStatement(statement)) {
      for (const clause of statement.caseBlock.clauses) {
        if (ts.isCaseClause(clause) && ts.isStringLiteral(clause.expression)) {
          found.push({ command: clause.expression.text, nodes: [...before, clause] });
        }
      }
    } else before.push(statement);
  }
  // An aggregate with one command has no switch; the command is named as its interface is.
  return found.length > 0 ? found : [{ command: theOnlyCommand(file), nodes: [body] }];
};

/** The command of a statement such as `if (command.type === 'CreateProfile') …`; null: it is another one. */
const commandTested = (statement: ts.Statement): string | null => {
  if (!ts.isIfStatement(statement) || !ts.isBinaryExpression(statement.expression)) return null;
  const { left, right } = statement.expression;
  return left.getText() === 'command.type' && ts.isStringLiteral(right) ? right.text : null;
};

const theOnlyCommand = (file: ts.SourceFile): string => {
  const commands = ts.sys.readFile(join(dirname(file.fileName), 'commands.ts')) ?? file.text;
  return /readonly type: '(\w+)'/.exec(commands)?.[1] ?? 'unknown';
};
