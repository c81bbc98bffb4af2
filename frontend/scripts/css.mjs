// The style sheet: Tabler's rules that our files use, then ours; made fit for Chrome 70-class WebViews.
import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import postcss from 'postcss';
import { PurgeCSS } from 'purgecss';

export const TARGET = ['chrome70', 'firefox68'];

// Classes that only scripts or htmx set, or that Python composes.
const KEEP = [/^htmx-/, /^is-/, /^state-/, /^toast-/, /^event-/, /^no-flexgap$/, /^js$/, /^ly-/, /^notice-/];

/** Tabler without what no template, Python file or island mentions. */
async function purge(css, files) {
  const [result] = await new PurgeCSS().purge({
    content: files.map((file) => ({ raw: readFileSync(file, 'utf8'), extension: 'html' })),
    css: [{ raw: css }],
    defaultExtractor: (content) => content.match(/[A-Za-z0-9_-]+/g) || [],
    safelist: { standard: KEEP, variables: [] },
    keyframes: true,
    variables: true,
  });
  return result.css;
}

/** html[data-bs-theme=auto] follows the system: every dark rule once more inside the media query. */
const darkByItself = {
  postcssPlugin: 'dark-by-itself',
  OnceExit(root, { AtRule }) {
    const media = new AtRule({ name: 'media', params: '(prefers-color-scheme: dark)' });
    root.walkRules(/data-bs-theme=["']?dark/, (rule) => {
      if (rule.parent.type === 'atrule' && rule.parent.name === 'media' && /print/.test(rule.parent.params)) return;
      media.append(
        rule.clone({ selector: rule.selector.replace(/\[data-bs-theme=["']?dark["']?\]/g, '[data-bs-theme=auto]') }),
      );
    });
    root.append(media);
  },
};

/** One unknown selector makes an old browser drop a whole list of them: rules with :has() are Tabler's niceties; out. */
const withoutHas = {
  postcssPlugin: 'without-has',
  Rule(rule) {
    if (!rule.selector.includes(':has(')) return;
    const rest = rule.selectors.filter((one) => !one.includes(':has('));
    if (rest.length) rule.selectors = rest;
    else rule.remove();
  },
};

const SIDES = { '-inline': ['left', 'right'], '-block': ['top', 'bottom'] };

/** Chrome 70 knows neither margin-inline nor padding-block. */
const physical = {
  postcssPlugin: 'physical',
  Declaration: {
    ...Object.fromEntries(
      ['margin-inline', 'margin-block', 'padding-inline', 'padding-block'].map((name) => [
        name,
        (declaration) => {
          const [kind, axis] = [name.split('-')[0], `-${name.split('-')[1]}`];
          const [start, end = start] = postcss.list.space(declaration.value);
          declaration.cloneBefore({ prop: `${kind}-${SIDES[axis][0]}`, value: start });
          declaration.replaceWith(declaration.clone({ prop: `${kind}-${SIDES[axis][1]}`, value: end }));
        },
      ]),
    ),
  },
};

/** Flex gaps came with Chrome 84. boot.ts marks older browsers; there a margin stands in, in the row's direction. */
const flexGap = {
  postcssPlugin: 'flex-gap',
  OnceExit(root, { Rule }) {
    const late = [];
    root.walkDecls(/^(gap|column-gap)$/, (declaration) => {
      const rule = declaration.parent;
      if (rule.type !== 'rule' || /no-flexgap/.test(rule.selector)) return;
      if (rule.nodes.some((node) => node.prop === 'display' && /grid/.test(node.value))) return;
      const column = rule.nodes.some((node) => node.prop === 'flex-direction' && /column/.test(node.value));
      const value = postcss.list.space(declaration.value).pop();
      if (value === '0') return;
      const selector = rule.selectors.map((one) => `.no-flexgap ${one}>*+*`).join(',');
      const copy = new Rule({ selector }).append({ prop: column ? 'margin-top' : 'margin-left', value });
      const outer = rule.parent.type === 'atrule' ? rule.parent.clone({ nodes: [] }) : null;
      late.push(outer ? outer.append(copy) : copy);
    });
    for (const node of late) root.append(node);
  },
};

/** The finished style sheet from Tabler's text, our texts and the files that hold class names. */
export async function styleSheet(tabler, ours, files) {
  const joined = `${await purge(tabler, files)}\n${ours.join('\n')}`;
  const { css } = await postcss([withoutHas, physical, flexGap, darkByItself]).process(joined, { from: undefined });
  const { code } = await transform(css, { loader: 'css', minify: true, target: TARGET, legalComments: 'none' });
  return code;
}

// What Chrome 70 does not know and our sheet must not lean on. Each is [pattern, since which Chrome].
const TOO_NEW = [
  [/color-mix\(/, 111],
  [/light-dark\(/, 123],
  [/\boklch\(|\boklab\(/, 111],
  [/:has\(/, 105],
  [/:is\(/, 88],
  [/:where\(/, 88],
  [/@layer\b/, 99],
  [/@container\b/, 105],
  [/(?:^|[{;])inset(?:-inline|-block)?[a-z-]*:/, 87],
  [/(?:margin|padding)-(?:inline|block):/, 87],
  [/\b(?:clamp|min|max)\(/, 79],
  [/[{;]aspect-ratio:/, 88],
  [/rgb\(from/, 119],
  [/(?:^|[},])[^{}@]*&/, 112],
];

/** Features in a built sheet that Chrome 70 does not know, as readable sentences; empty is good. */
export function tooNew(css) {
  return TOO_NEW.flatMap(([pattern, since]) => {
    const hit = pattern.exec(css);
    return hit ? [`Chrome ${since}: …${css.slice(Math.max(0, hit.index - 60), hit.index + 60)}…`] : [];
  });
}
