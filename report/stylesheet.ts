/** The page’s whole look: readable measure, light and dark by the reader’s setting, printable. */
export const STYLESHEET = `
:root { color-scheme: light dark; --text: #1f2328; --muted: #59636e; --page: #ffffff; --soft: #f6f8fa; --line: #d0d7de; --accent: #0072b2; --plus: #1a7f37; --minus: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --muted: #9aa4af; --page: #0d1117; --soft: #161b22; --line: #30363d; --accent: #58a6ff; --plus: #56d364; --minus: #ff7b72; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 920px; margin: 0 auto; padding: 40px 24px 80px; overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 0.8rem; padding-bottom: 0.3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 0.6rem; }
h1 + p { font-size: 1.12rem; padding: 14px 18px; background: var(--soft); border-left: 4px solid var(--accent); border-radius: 6px; }
p, ul { margin: 0.7rem 0; }
ul { padding-left: 1.4rem; }
li { margin: 0.35rem 0; }
.table { overflow-x: auto; margin: 0.9rem 0; }
table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
th { text-align: left; white-space: nowrap; background: var(--soft); }
th, td { padding: 6px 11px; border: 1px solid var(--line); vertical-align: top; }
tbody tr:nth-child(even) { background: color-mix(in srgb, var(--soft) 55%, transparent); }
td[style*="right"] { white-space: nowrap; }
code { font: 0.875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; background: var(--soft); border-radius: 4px; padding: 0.12em 0.35em; }
th code { background: none; padding: 0; }
pre { overflow: auto; max-height: 28rem; padding: 14px 16px; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; line-height: 1.4; }
pre code { background: none; padding: 0; font-size: 0.82rem; }
.added { color: var(--plus); } .removed { color: var(--minus); } .place { color: var(--muted); }
blockquote { margin: 0.8rem 0; padding: 0.1rem 1rem; border-left: 3px solid var(--line); color: var(--muted); }
.figure { display: block; margin: 1.2rem 0; overflow-x: auto; }
.figure svg { max-width: 100%; height: auto; display: block; }
em { color: var(--muted); }
@media print { main { max-width: none; padding: 0; } pre { max-height: none; white-space: pre-wrap; } h2, .figure { break-after: avoid; } }
`;
