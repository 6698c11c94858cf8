import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What only cli/ may touch: everyone else is handed what it needs, and returns instead of exiting. */
const RESERVED = ['env', 'argv', 'exit', 'exitCode'];

/** One line for each place outside cli/ that reads the environment or the arguments, or ends the process. */
export function findProcessAccess(root, files) {
  return files
    .filter((file) => !file.startsWith('cli/'))
    .flatMap((file) => {
      const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
      return accessesIn(source).map(({ node, what }) => {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        return `${file}:${line + 1}: ${what} belongs to cli/ (pass what is needed as an argument)`;
      });
    });
}

function accessesIn(node) {
  const what = reservedAccess(node);
  const own = what === undefined ? [] : [{ node, what }];
  const inside = [];
  ts.forEachChild(node, (child) => {
    inside.push(...accessesIn(child));
  });
  return [...own, ...inside];
}

function reservedAccess(node) {
  if (ts.isImportDeclaration(node) && /^(node:)?process$/.test(node.moduleSpecifier.text)) return node.getText();
  if (!ts.isIdentifier(node) || node.text !== 'process') return undefined;
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent)) return isName(node, parent) ? undefined : `the bare name "process"`;
  if (parent.expression === node)
    return RESERVED.includes(parent.name.text) ? `process.${parent.name.text}` : undefined;
  return parent.expression.getText() === 'globalThis' ? 'globalThis.process' : undefined;
}

/** A property or label that happens to be called "process" is not Node’s. */
function isName(node, parent) {
  return 'name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
}
