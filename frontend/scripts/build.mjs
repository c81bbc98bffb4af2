// Builds liaoyuan/kernel/ui/static/dist/: app.css, boot.js, app.js with its chunks, icons.svg, manifest.json.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { styleSheet, TARGET, tooNew } from './css.mjs';
import { iconExists, sprite } from './icons.mjs';
import { filesBelow, iconsUsed } from './sources.mjs';

const here = join(dirname(fileURLToPath(import.meta.url)), '..');
const product = join(here, '..', 'liaoyuan');
const out = join(product, 'kernel', 'ui', 'static', 'dist');
const islandsFolder = join(here, 'islands');
const iconsFolder = join(here, 'node_modules', '@tabler', 'icons', 'icons', 'outline');

/** Names of the islands: folders with an index.ts; the folder's name is the element's name. */
const islandNames = () =>
  readdirSync(islandsFolder)
    .filter((name) => existsSync(join(islandsFolder, name, 'index.ts')))
    .sort();

const islandsPlugin = {
  name: 'islands',
  setup(context) {
    context.onResolve({ filter: /^virtual:islands$/ }, () => ({ path: 'islands', namespace: 'virtual' }));
    context.onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({
      contents: `export const islands = {${islandNames()
        .map((name) => `${JSON.stringify(name)}: () => import(${JSON.stringify(`./islands/${name}/index.ts`)})`)
        .join(',')}};`,
      resolveDir: here,
      loader: 'ts',
    }));
  },
};

async function scripts() {
  const common = {
    bundle: true,
    minify: true,
    target: TARGET,
    legalComments: 'none',
    outdir: out,
    logLevel: 'warning',
  };
  await build({ ...common, entryPoints: [join(here, 'boot.ts')], format: 'iife' });
  const result = await build({
    ...common,
    entryPoints: [join(here, 'entry.ts')],
    entryNames: 'app',
    chunkNames: '[name]-[hash]',
    format: 'esm',
    splitting: true,
    metafile: true,
    plugins: [islandsPlugin],
  });
  return Object.fromEntries(
    Object.entries(result.metafile.outputs).map(([path, output]) => [
      relative(out, join(process.cwd(), path)),
      { bytes: output.bytes, from: output.entryPoint ? relative(here, output.entryPoint) : '' },
    ]),
  );
}

async function styles() {
  const tabler = readFileSync(join(here, 'node_modules/@tabler/core/dist/css/tabler.css'), 'utf8');
  const ours = readdirSync(join(here, 'styles'))
    .filter((name) => name.endsWith('.css'))
    .sort();
  const texts = ours.map((name) => readFileSync(join(here, 'styles', name), 'utf8'));
  for (const name of islandNames()) {
    const own = join(islandsFolder, name, 'style.css');
    if (existsSync(own)) texts.push(readFileSync(own, 'utf8'));
  }
  const files = [...filesBelow(product, ['.html', '.py']), ...filesBelow(here, ['.ts'])];
  const css = await styleSheet(tabler, texts, files);
  const wrong = tooNew(css);
  if (wrong.length) throw new Error(`app.css uses what Chrome 70 does not know:\n${wrong.join('\n')}`);
  writeFileSync(join(out, 'app.css'), css);
}

function icons() {
  const sources = [...filesBelow(product, ['.html', '.py']), ...filesBelow(product, ['.toml'], true)];
  const names = iconsUsed(sources, iconExists(iconsFolder));
  writeFileSync(join(out, 'icons.svg'), sprite(names, iconsFolder));
  return names;
}

const BUDGET = { frame: 60_000, island: 40_000, first: 88_000 }; // bytes, gzip; the page itself has the rest of 100 kB

/** Refuse a build that a thin link would feel: the frame, every island, and the first page (frame and map). */
function weigh() {
  const size = (name) => gzipSync(readFileSync(join(out, name)), { level: 9 }).length;
  const islands = readdirSync(out).filter((name) => /-[0-9A-Z]{8}\.js$/.test(name));
  const frame = ['app.css', 'app.js', 'boot.js', 'icons.svg'].reduce((sum, name) => sum + size(name), 0);
  const map = islands.filter((name) => name.startsWith('insights-map-')).reduce((sum, name) => sum + size(name), 0);
  const heavy = islands.filter((name) => size(name) > BUDGET.island);
  if (frame > BUDGET.frame || frame + map > BUDGET.first || heavy.length)
    throw new Error(
      `too heavy: frame ${frame}, with the map ${frame + map}, islands over budget: ${heavy.join(', ') || 'none'}`,
    );
  return `${(frame / 1000).toFixed(1)} kB frame, ${((frame + map) / 1000).toFixed(1)} kB with the map`;
}

async function all() {
  const started = Date.now();
  mkdirSync(out, { recursive: true });
  // dist/map/ is made by build_map_base.py and stays.
  for (const entry of readdirSync(out, { withFileTypes: true })) if (entry.isFile()) rmSync(join(out, entry.name));
  const outputs = await scripts();
  await styles();
  const names = icons();
  writeFileSync(join(out, 'manifest.json'), `${JSON.stringify({ scripts: outputs, icons: names }, null, 1)}\n`);
  console.log(
    `front end built in ${((Date.now() - started) / 1000).toFixed(1)} s: ${names.length} icons, ${islandNames().length} islands; ${weigh()}`,
  );
}

await all();

if (process.argv.includes('--watch')) {
  let timer;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => all().catch((error) => console.error(error.message)), 200);
  };
  for (const folder of [join(here, 'islands'), join(here, 'lib'), join(here, 'styles'), product])
    watch(folder, { recursive: true }, (_event, name) => {
      if (name && !name.includes('static/dist') && /\.(ts|css|html|py)$/.test(name)) again();
    });
}
