/**
 * Hydra’s grammar for the value of an override (`key=value`): what is written without quotes may hold these characters,
 * and spaces between them. A comma begins a sweep, brackets and braces a list or mapping, quotes and backslashes escape.
 */
const UNQUOTED = /^[\w/.+%*@?|$:-]+(?: +[\w/.+%*@?|$:-]+)*$/;

/** What Hydra takes for another type than text. */
const OTHER_TYPE = /^(?:true|false|null|[-+]?(?:inf|nan|(?:\d[\d_]*\.?|[\d_]*\.\d)[\d_]*(?:e[-+]?\d[\d_]*)?))$/i;

/** Whether Hydra reads `key=text` as exactly this text. */
export function isHydraText(text: string): boolean {
  return UNQUOTED.test(text) && !OTHER_TYPE.test(text);
}

/** Whether Hydra reads `key="text"` (or with single quotes) as exactly this text. */
export function isQuotedHydraText(text: string): boolean {
  return !/["'\\]/.test(text);
}
