import { test, type Page } from '@playwright/test';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Screenshots of every view and dialog of the plugin, in both themes, wide and narrow, from the
 * fixtures that its tests use too. The gallery is built and served here, unless GALLERY_URL names one
 * that is running (`yarn workspace backstage-plugin-acr-cmk start`).
 *
 * They are made on demand and not kept, except those that a README shows.
 */
const root = join(__dirname, '../../..');
const folder = join(root, '.screenshots');
const docs = join(root, 'docs/images');
/** The screenshots that plugins/acr-cmk/README.md shows. */
const KEPT = [
  'registry-current-light-wide',
  'tab-several-registries-in-different-states-light-wide',
  'dialog-rotate-light-wide',
  'dialog-rotate-another-key-dark-wide',
  'dialog-revoke-a-second-person-and-a-waiting-period-light-wide',
  'registry-an-operation-awaits-approval-dark-wide',
];
// By import(), since Playwright turns static imports into require(), which this does not bear.
// eslint-disable-next-line @backstage/no-relative-monorepo-imports -- a script of this repository alone
const galleries = import('../../../plugins/acr-cmk/scripts/gallery.mjs');

const THEMES = ['light', 'dark'] as const;
const WIDTHS = { wide: 1280, narrow: 360 } as const;
type Width = keyof typeof WIDTHS;
/** Heights of the pictures. The rest of the page is the same in all states. */
const VIEW_HEIGHT = { wide: 1000, narrow: 1400 };
/** Height of the portal's own bar at the bottom. */
const BAR = { wide: 0, narrow: 56 };
const DIALOG_HEIGHT = { wide: 1100, narrow: 740 };
/** Margin of the page around a dialog, in pixels. */
const AROUND = 24;
/** Quality of WebP, 0 to 1. Text stays sharp, and the files stay small. */
const QUALITY = 0.25;

interface Dialog {
  state: string;
  press: string;
  then?(page: Page): Promise<void>;
}

const choose = (name: RegExp) => async (page: Page) =>
  page.getByRole('radio', { name }).check();

/** Types a reason, and accepts the plan. */
const accept = (button: string) => async (page: Page) => {
  await page.getByLabel('Reason').fill('The yearly rotation');
  await page.getByRole('button', { name: button, exact: true }).click();
};

const WELL = 'dialogs: all is well';
const GUARDED = 'dialogs: a second person and a waiting period';

const dialogs: Record<string, Dialog> = {
  rotate: { state: WELL, press: 'Rotate' },
  'rotate, another key': {
    state: WELL,
    press: 'Rotate',
    async then(page) {
      await choose(/^Another key/)(page);
      await page

        .getByRole('dialog')
        .getByLabel('Key URI')
        .fill('https://kv-platform.vault.azure.net/keys/registries');
      await page.getByRole('group', { name: 'What changes' }).first().waitFor();
    },
  },
  'rotate, a URI that is none': {
    state: WELL,
    press: 'Rotate',
    async then(page) {
      await choose(/^Another key/)(page);
      await page
        .getByRole('dialog')
        .getByLabel('Key URI')
        .fill('https://example.com/keys/a');
    },
  },
  'rotate, a new key': {
    state: WELL,
    press: 'Rotate',
    then: choose(/^New key/),
  },
  'rotate, the version mode': {
    state: WELL,
    press: 'Rotate',
    then: choose(/^Version mode only/),
  },
  'rotate, the identity': {
    state: WELL,
    press: 'Rotate',
    then: choose(/^Identity only/),
  },
  'rotate, a check fails': { state: 'dialogs: a check fails', press: 'Rotate' },
  'rotate, the lists cannot be read': {
    state: 'dialogs: the lists cannot be read',
    press: 'Rotate',
    then: choose(/^Another key/),
  },
  'rotate, the plan takes long': {
    state: 'dialogs: the plan takes long',
    press: 'Rotate',
  },
  'rotate, something has changed': {
    state: 'dialogs: something has changed',
    press: 'Rotate',
    then: accept('Rotate key'),
  },
  'rotate, no answer comes': {
    state: 'dialogs: no answer comes',
    press: 'Rotate',
    then: accept('Rotate key'),
  },
  'rotate, acceptance takes long': {
    state: 'dialogs: acceptance takes long',
    press: 'Rotate',
    then: accept('Rotate key'),
  },
  'rotate, accepted': {
    state: WELL,
    press: 'Rotate',
    then: accept('Rotate key'),
  },
  revoke: { state: WELL, press: 'Revoke' },
  'revoke, a second person and a waiting period': {
    state: GUARDED,
    press: 'Revoke',
  },
  'revoke, too many requests wait': {
    state: 'dialogs: too many requests wait',
    press: 'Revoke',
  },
  restore: { state: WELL, press: 'Restore' },
  retire: {
    state: WELL,
    press: 'Retire',
    async then(page) {
      await page.getByRole('combobox', { name: 'Version to retire' }).click();
    },
  },
  approve: {
    state: 'registry: an operation awaits approval',
    press: 'Approve',
  },
  reject: { state: 'registry: an operation awaits approval', press: 'Reject' },
  'cancel an operation': { state: 'operation: queued', press: 'Cancel' },
  'keep revoked': {
    state: 'registry: revoked until it restores automatically',
    press: 'Keep revoked',
  },
};

let gallery: { url: string; stop(): Promise<void> } | undefined;
let url = process.env.GALLERY_URL ?? '';

test.beforeAll(async () => {
  if (!url) {
    gallery = await (await galleries).startGallery();
    url = gallery.url;
  }
});

test.afterAll(async () => gallery?.stop());

/** "registry: pinned-key trap" → "registry-pinned-key-trap". */
const fileNameOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '');

/** Ends when nothing has changed on the page for some frames. Runs in the page. */
function untilQuiet(): Promise<void> {
  return new Promise(resolve => {
    let quietFrames = 0;
    const observer = new MutationObserver(() => {
      quietFrames = 0;
    });
    observer.observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    const frame = () => {
      quietFrames += 1;
      if (quietFrames < 12) {
        requestAnimationFrame(frame);
      } else {
        observer.disconnect();
        resolve();
      }
    };
    frame();
  });
}

/** Opens a page without loading the app again. */
async function show(page: Page, state: string) {
  await page.evaluate(of => {
    window.history.pushState(null, '', `/?bare&state=${of}`);
    window.dispatchEvent(new PopStateEvent('popstate'));
  }, encodeURIComponent(state));
  await page.locator(`[data-scene=${JSON.stringify(state)}]`).waitFor();
  await page.evaluate(untilQuiet);
}

async function scenesOf(page: Page): Promise<string[]> {
  await page.goto(`${url}/?bare`);
  const list = page.locator('[data-scenes]');
  return JSON.parse((await list.getAttribute('data-scenes')) ?? '[]');
}

/** Encodes a picture as WebP, by the browser's own encoder. */
async function save(encoder: Page, name: string, png: Buffer) {
  const webp = await encoder.evaluate(
    async ({ data, quality }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext('2d')!.drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', quality).split(',')[1];
    },
    { data: png.toString('base64'), quality: QUALITY },
  );
  const file = join(folder, `${name}.webp`);
  writeFileSync(file, Buffer.from(webp, 'base64'));
  if (KEPT.includes(name)) copyFileSync(file, join(docs, `${name}.webp`));
}

/** Deletes earlier screenshots, whose states may be gone. */
function clear(ending: string) {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    if (file.endsWith(ending)) rmSync(join(folder, file));
  }
}

/** A page that shows them all. */
function writePage(names: string[]) {
  const cell = (name: string, theme: string, width: Width) => {
    const file = `${fileNameOf(name)}-${theme}-${width}.webp`;
    const shown = { wide: 320, narrow: 120 }[width];
    return `<a href="${file}"><img src="${file}" alt="${name}, ${theme}, ${width}" width="${shown}" loading="lazy"></a>`;
  };
  const rows = names.map(name => {
    const cells = (['wide', 'narrow'] as const).flatMap(width =>
      THEMES.map(theme => cell(name, theme, width)),
    );
    return `### ${name}\n\n${cells.join('\n')}\n`;
  });
  writeFileSync(
    join(folder, 'README.md'),
    `# Every state and dialog of the plugin\n\nMade by \`yarn screenshots\` from the fixtures of the tests, in both themes, ${
      WIDTHS.wide
    } and ${WIDTHS.narrow} pixels wide.\n\n${rows.join('\n')}`,
  );
}

for (const theme of THEMES) {
  for (const width of ['wide', 'narrow'] as const) {
    test(`every view and dialog, ${theme}, ${width}`, async ({
      page,
      context,
    }) => {
      test.setTimeout(600_000);
      clear(`-${theme}-${width}.webp`);
      const encoder = await context.newPage();
      await page.bringToFront();
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.addInitScript(
        chosen => localStorage.setItem('theme', chosen),
        theme,
      );
      const fileOf = (name: string) => `${fileNameOf(name)}-${theme}-${width}`;

      await page.setViewportSize({
        width: WIDTHS[width],
        height: VIEW_HEIGHT[width],
      });
      const views = (await scenesOf(page)).filter(
        scene => !scene.startsWith('dialogs: '),
      );
      for (const scene of views) {
        await show(page, scene);
        const { x, y, height } = (await page
          .locator('[data-scene]')
          .boundingBox())!;
        const png = await page.screenshot({
          animations: 'disabled',
          // Without the portal's own sidebar and header.
          clip: {
            x,
            y,
            width: WIDTHS[width] - x,
            height: Math.min(height, VIEW_HEIGHT[width] - BAR[width] - y),
          },
        });
        await save(encoder, fileOf(scene), png);
      }

      await page.setViewportSize({
        width: WIDTHS[width],
        height: DIALOG_HEIGHT[width],
      });
      for (const [name, { state, press, then }] of Object.entries(dialogs)) {
        // A state may come twice in a row, and has to be rendered again.
        await show(page, 'card: loading');
        await show(page, state);
        const pressed = page.getByRole('button', { name: press, exact: true });
        if (await pressed.first().isVisible()) {
          await pressed.first().click();
        } else {
          await page.getByRole('button', { name: /^More actions/ }).click();
          await page
            .getByRole('menuitem', { name: new RegExp(`^${press}`) })
            .click();
        }
        await page.getByRole('dialog').waitFor();
        await page.evaluate(untilQuiet);
        await then?.(page);
        await page.evaluate(untilQuiet);
        const box = (await page.getByRole('dialog').boundingBox())!;
        const x = Math.max(box.x - AROUND, 0);
        const y = Math.max(box.y - AROUND, 0);
        const png = await page.screenshot({
          animations: 'disabled',
          clip: {
            x,
            y,
            width: Math.min(box.width + 2 * AROUND, WIDTHS[width] - x),
            height: Math.min(box.height + 2 * AROUND, DIALOG_HEIGHT[width] - y),
          },
        });
        await save(encoder, fileOf(`dialog: ${name}`), png);
      }
      writePage([
        ...views,
        ...Object.keys(dialogs).map(name => `dialog: ${name}`),
      ]);
    });
  }
}
