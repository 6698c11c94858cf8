import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../study/expression.ts';

const evaluate = (source: string, values: Record<string, number | string | boolean | null> = {}) =>
  parseExpression(source).evaluate(values);

describe('an expression', () => {
  test('arithmetic agrees with arithmetic', () => {
    const number = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        expect(evaluate('a + b * c - a', { a, b, c })).toBe(a + b * c - a);
        expect(evaluate('(a + b) * c', { a, b, c })).toBe((a + b) * c);
        expect(evaluate('a <= b and b <= c or not (a < c)', { a, b, c })).toBe((a <= b && b <= c) || !(a < c));
        expect(evaluate('max(a, b) >= min(b, c)', { a, b, c })).toBe(Math.max(a, b) >= Math.min(b, c));
      }),
    );
  });

  test.each([
    ['2 ** 3 ** 2', 512],
    ['-2 + 5 % 3', 0],
    ['log2(8) + log10(100) + sqrt(16)', 9],
    ['abs(-1) + ceil(0.2) + floor(1.8)', 3],
    ['1e-3 < 0.01', true],
    ['"and" == "and"', true],
    ['optimizer != "sgd"', true],
    ['nothing == null', true],
    ['flag == true and not false', true],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(source, { optimizer: 'adam', nothing: null, flag: true })).toBe(expected);
  });

  test('it says which names it mentions, in order, once each', () => {
    expect(parseExpression('constructor < 1').names).toEqual(['constructor']);
    expect(parseExpression('b < a and a < c and true').names).toEqual(['b', 'a', 'c']);
  });

  test('the right side is not looked at when the left side decides', () => {
    expect(evaluate('false and 1 < "a"')).toBe(false);
    expect(evaluate('true or missing')).toBe(true);
  });
});

describe('what has no business in a constraint is refused when it is written', () => {
  test.each([
    ['process.exit(1)', 'can be called'],
    ['a.b', 'MemberExpression'],
    ['a["constructor"]', 'MemberExpression'],
    ['constructor("return 1")()', 'can be called'],
    ['eval("1")', 'only these functions can be called: abs, ceil'],
    ['toString()', 'only these functions can be called'],
    ['hasOwnProperty(1)', 'only these functions can be called'],
    ['a ? b : c', 'ConditionalExpression'],
    ['[1, 2]', 'ArrayExpression'],
    ['this', 'ThisExpression'],
    ['a; b', 'Compound'],
    ['a & b', 'the operator "&" is not known here'],
    ['~a', 'the operator "~" is not known here'],
    ['', 'has no meaning in a constraint'],
    ['a <', 'is not an expression'],
    ['a = 1', 'is not an expression'],
  ])('%s', (source, message) => {
    expect(() => parseExpression(source)).toThrow(message);
  });

  test('a name is looked up only among the given values, never on their prototype', () => {
    for (const name of ['toString', 'constructor', '__proto__', 'valueOf'])
      expect(() => evaluate(`${name} == 1`)).toThrow(`"${name}" has no value`);
  });
});

describe('values of a wrong kind are errors, not surprises', () => {
  test.each([
    ['a < 1', { a: 'x' }, '"<" needs numbers, got "x"'],
    ['a + 1', { a: true }, '"+" needs numbers, got true'],
    ['a and true', { a: 1 }, 'need true or false, got 1'],
    ['max(a)', { a: null }, '"max" needs numbers, got null'],
    ['a < b', { a: 1 }, '"b" has no value'],
  ])('%s', (source, values, message) => {
    expect(() => evaluate(source, values as Record<string, number>)).toThrow(message);
  });
});
