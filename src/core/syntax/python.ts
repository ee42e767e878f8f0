import { parser } from '@lezer/python';
import { maximumDepth, maximumProblems } from './limits.ts';
import { assignTo, lookUp, ownedMap, scopeWithin, type Budget, type Scope } from './pythonScope.ts';
import { childrenOf, pathOf, placeOf, valueOf, type PythonNode } from './pythonValues.ts';
import { numberOf, scalarNode, unresolvedNode } from './scalars.ts';
import type { ConfigNode, ConfigTree, MapNode, SyntaxProblem } from './tree.ts';

/** Definitions wait until the module is read: their bodies see all its names. */
interface Definitions {
  readonly functions: { readonly node: PythonNode; readonly name: PythonNode }[];
  readonly classes: { readonly node: PythonNode; readonly name: PythonNode }[];
}

/**
 * Reads the literals of a Python config into one mapping; nothing is run.
 *
 * - `name = value` is an entry; the last one counts. `cfg.model.layers = 4` and
 *   `cfg["model"]["layers"] = 4` are the entry `layers` in the mapping `model` of `cfg`.
 * - A call is a mapping with the callee as its `tag` (`Trainer.Config`), keyword arguments as
 *   entries, positional ones under `0`, `1`…; `dict(…)` and `{…}` are plain mappings, lists,
 *   tuples and sets are lists. So `config = llama3_8b()` followed by `config.steps = 10` is a
 *   mapping tagged `llama3_8b` with the entry `steps`.
 * - A scalar is a number (`1_000`, `8 * 1024`, `2**40`, `int(1e12)`), string, `True`, `False`,
 *   `None`, or a dotted name that the file does not explain, which stands for itself
 *   (`torch.bfloat16`). A name is what it was given last; the place is that of the literal.
 *   Everything else is `unresolved`, with its source as text.
 * - `$functions` holds a mapping for each `def` of the module: parameters with a default and local
 *   assignments as entries, and what is returned last as `$return`.
 * - `$classes` holds a mapping for each class: its own assignments, and its methods as functions
 *   under `$methods`.
 * - `$calls` holds the calls that stand alone in the module, `main(batch=8)`, and those that are
 *   unpacked, `model, tokenizer = load(…)`, by their callee.
 * - `X(…).with_y(…)` and `X(…).merge(…)` are `X(…)`.
 *
 * A name that was set before and is set again under a condition or in a loop is unresolved.
 */
export function parsePython(file: string, text: string): ConfigTree {
  const tree = parser.parse(text);
  const place = { file, start: 0, end: text.length };
  const budget: Budget = { owned: new WeakSet(), shared: 0 };
  const names = ownedMap(budget, place, []);
  const module: Scope = { file, text, names, outer: null, budget };
  const definitions: Definitions = { functions: [], classes: [] };
  block(module, tree.topNode, { definitions, conditional: false, depth: 0 });
  for (const { node, name } of definitions.classes) {
    define(module, '$classes', node, name);
  }
  for (const { node, name } of definitions.functions) {
    define(module, '$functions', node, name);
  }
  const problems: SyntaxProblem[] = [];
  const cursor = tree.cursor();
  do {
    if (!cursor.type.isError || problems.length >= maximumProblems) continue;
    const at = { file, start: cursor.from, end: cursor.to };
    problems.push({ place: at, severity: 'warning', message: 'This is not Python as it stands.' });
  } while (cursor.next());
  return { file, syntax: 'python', documents: [names], problems, template: false };
}

interface Context {
  /** Null inside a function or class: what is defined there is not read. */
  readonly definitions: Definitions | null;
  readonly conditional: boolean;
  readonly depth: number;
}

function block(scope: Scope, node: PythonNode, context: Context): void {
  if (context.depth > maximumDepth) return;
  for (const child of childrenOf(node)) statement(scope, child, context);
}

function statement(scope: Scope, node: PythonNode, context: Context): void {
  const inner = { ...context, depth: context.depth + 1 };
  switch (node.name) {
    case 'AssignStatement':
      assignment(scope, node, context.conditional);
      return;
    case 'UpdateStatement':
      update(scope, node);
      return;
    case 'ExpressionStatement':
      if (context.definitions) alone(scope, node);
      return;
    case 'ReturnStatement': {
      const [keyword, value] = childrenOf(node);
      if (keyword && value) {
        assignTo(scope, ['$return'], placeOf(scope, keyword), valueOf(scope, value, 0));
      }
      return;
    }
    case 'DecoratedStatement':
      block(scope, node, inner);
      return;
    case 'FunctionDefinition':
    case 'ClassDefinition': {
      const name = node.getChild('VariableName');
      const kind = node.name === 'FunctionDefinition' ? 'functions' : 'classes';
      if (name) context.definitions?.[kind].push({ node, name });
      return;
    }
    case 'IfStatement': {
      const [, test] = childrenOf(node);
      const isMain = scope.text.slice(test?.from, test?.to).startsWith('__name__');
      bodies(scope, node, isMain ? inner : { ...inner, conditional: true });
      return;
    }
    case 'ForStatement':
    case 'WhileStatement':
    case 'MatchStatement':
      bodies(scope, node, { ...inner, conditional: true });
      return;
    case 'WithStatement':
    case 'TryStatement':
      bodies(scope, node, inner);
      return;
    default:
  }
}

/** A call with keywords that stands alone in the module: a script's `main(batch=8)`. */
function alone(scope: Scope, node: PythonNode): void {
  const [expression] = childrenOf(node);
  const list = expression?.name === 'CallExpression' ? expression.getChild('ArgList') : null;
  if (expression && list?.getChild('AssignOp')) record(scope, expression);
}

/** Keeps a call that no name stands for. */
function record(scope: Scope, node: PythonNode): void {
  if (node.name !== 'CallExpression') return;
  const value = valueOf(scope, node, 0);
  if (value.kind === 'map' && value.tag !== undefined) {
    assignTo(scope, ['$calls', value.tag], value.place, value);
  }
}

function bodies(scope: Scope, node: PythonNode, context: Context): void {
  for (const body of node.getChildren('Body')) block(scope, body, context);
}

/** `a = 1`, `a: int = 1`, `a.b["c"] = 1`, `a = b = 1` and `a, b = 1, 2`. */
function assignment(scope: Scope, node: PythonNode, conditional: boolean): void {
  const sides: PythonNode[][] = [[]];
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') sides.push([]);
    else if (child.name !== ',' && child.name !== 'TypeDef') sides.at(-1)?.push(child);
  }
  const [first, ...rest] = sides.pop() ?? [];
  if (!first || first.name === '⚠' || sides.length === 0) return;
  const values = rest.length > 0 ? [first, ...rest] : tupleItems(first);
  if (sides.some((side) => side.flatMap(tupleItems).length > 1)) record(scope, first);
  for (const side of sides) {
    const targets = side.flatMap(tupleItems);
    for (const [index, target] of targets.entries()) {
      const value = targets.length === 1 && rest.length === 0 ? first : values[index];
      const isPaired = targets.length === 1 || targets.length === values.length;
      const node = value && isPaired ? valueOf(scope, value, 0) : null;
      give(scope, target, node, conditional);
    }
  }
}

function tupleItems(node: PythonNode): PythonNode[] {
  return node.name === 'TupleExpression'
    ? childrenOf(node).filter(({ name }) => !/^[(),]$/.test(name))
    : [node];
}

function give(
  scope: Scope,
  target: PythonNode,
  value: ConfigNode | null,
  conditional: boolean,
): void {
  const path = pathOf(scope, target);
  if (!path) return;
  const keyPlace = { ...placeOf(scope, target) };
  const isChanged = conditional && lookUp(scope, path) !== undefined;
  const why = isChanged ? 'This value depends on a condition.' : 'This value is unpacked.';
  const text = scope.text.slice(target.from, target.to);
  const told = value && !isChanged ? value : unresolvedNode(keyPlace, text, why);
  assignTo(scope, path, keyPlace, told);
}

/** `x += 1`: a number that stays one keeps being known. */
function update(scope: Scope, node: PythonNode): void {
  const [target, operator, operand] = childrenOf(node);
  if (!target || !operator || !operand) return;
  const path = pathOf(scope, target);
  if (!path) return;
  const before = lookUp(scope, path);
  const change = valueOf(scope, operand, 0);
  const a = before?.kind === 'scalar' ? numberOf(before) : null;
  const b = change.kind === 'scalar' ? numberOf(change) : null;
  const place = placeOf(scope, node);
  const text = scope.text.slice(node.from, node.to);
  const sign = scope.text.slice(operator.from, operator.to);
  const value = a === null || b === null ? null : updated(sign, a, b);
  const result =
    value === null
      ? unresolvedNode(place, text, 'The file does not tell the numbers of this change.')
      : scalarNode(place, text, value);
  assignTo(scope, path, placeOf(scope, target), result);
}

function updated(sign: string, a: number, b: number): number | null {
  switch (sign) {
    case '+=':
      return a + b;
    case '-=':
      return a - b;
    case '*=':
      return a * b;
    case '//=':
      return Math.floor(a / b);
    default:
      return null;
  }
}

function define(
  module: Scope,
  section: '$functions' | '$classes',
  node: PythonNode,
  name: PythonNode,
  within = module,
): void {
  const scope = scopeWithin(module, placeOf(module, node));
  const parameters = section === '$functions' ? node.getChild('ParamList') : null;
  if (parameters) defaults(scope, parameters);
  const context = { definitions: null, conditional: false, depth: 0 };
  for (const body of node.getChildren('Body')) {
    block(scope, body, context);
    if (section === '$classes') methods(module, scope, body);
  }
  const value: MapNode = scope.names;
  const key = module.text.slice(name.from, name.to);
  const path = within === module ? [section, key] : ['$methods', key];
  assignTo(within, path, placeOf(module, name), value);
}

/** The methods of a class: functions whose bodies see the names of the module, not the class's. */
function methods(module: Scope, owner: Scope, body: PythonNode): void {
  for (const child of childrenOf(body)) {
    const node = child.name === 'DecoratedStatement' ? child.getChild('FunctionDefinition') : child;
    const name = node?.name === 'FunctionDefinition' ? node.getChild('VariableName') : null;
    if (node && name) define(module, '$functions', node, name, owner);
  }
}

/** Parameters: one with a default has it, as a script's `${1:-default}` has. */
function defaults(scope: Scope, parameters: PythonNode): void {
  const members = childrenOf(parameters).filter(({ name }) => name !== 'TypeDef');
  for (const [at, member] of members.entries()) {
    if (member.name !== 'VariableName' || members[at - 1]?.name === 'AssignOp') continue;
    const value = members[at + 1]?.name === 'AssignOp' ? members[at + 2] : undefined;
    const place = placeOf(scope, member);
    const name = scope.text.slice(member.from, member.to);
    const node = value
      ? valueOf(scope, value, 0)
      : unresolvedNode(place, name, `The parameter ${name} is given by the caller.`);
    assignTo(scope, [name], place, node);
  }
}
