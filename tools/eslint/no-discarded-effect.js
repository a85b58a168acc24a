/**
 * The two mistakes that fp-ts invites and no stock rule sees: a Task that is built but never run, and an Either that
 * nobody looks at, together with the error in it.
 */
export default {
  meta: {
    type: 'problem',
    messages: {
      task: 'This builds a Task and never runs it. Call it and await the result.',
      either: 'This Either is thrown away, and with it the error it may hold.',
    },
    schema: [],
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();

    const membersOf = (type) => (type.isUnion() ? type.types : [type]);
    const tagOf = (type) => {
      const symbol = type.getProperty('_tag');
      return symbol === undefined ? undefined : checker.typeToString(checker.getTypeOfSymbol(symbol));
    };
    const isEither = (type) => membersOf(type).every((member) => ['"Left"', '"Right"'].includes(tagOf(member)));
    const isTask = (type) =>
      type
        .getCallSignatures()
        .some(({ parameters, getReturnType }) => parameters.length === 0 && getReturnType !== undefined) &&
      type
        .getCallSignatures()
        .some(
          (signature) =>
            signature.getReturnType().getSymbol()?.getName() === 'Promise' && signature.parameters.length === 0,
        );

    return {
      ExpressionStatement({ expression }) {
        const awaited = expression.type === 'AwaitExpression' ? expression : undefined;
        const node = awaited ?? expression;
        const type = services.getTypeAtLocation(node);
        if (isTask(type)) context.report({ node, messageId: 'task' });
        else if (isEither(type)) context.report({ node, messageId: 'either' });
      },
    };
  },
};
