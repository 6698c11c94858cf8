/** The tool that words name, however they write it: `WriteConfigs`, `write_configs`, `functions.WriteConfigs`, `call WriteConfigs`. */
export function findTool(words: string, toolNames: readonly string[]): string | undefined {
  const written = plain(words);
  const mentioned = toolNames.filter((name) => written.includes(plain(name)));
  return toolNames.find((name) => plain(name) === written) ?? (mentioned.length === 1 ? mentioned[0] : undefined);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z]/g, '');
}
