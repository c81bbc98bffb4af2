// The frame's behaviour on every page. Pages work without it; it makes them quicker to use.

import { islands } from 'virtual:islands';
import htmx from 'htmx.org';
import { startCards } from './lib/cards';
import { startConfirm } from './lib/confirm';
import { Draft, forgetOldDrafts } from './lib/draft';
import { Help } from './lib/help';
import { startKeys } from './lib/keys';
import { startLoader } from './lib/loader';
import { startMenus } from './lib/menus';
import { startRequests } from './lib/requests';
import { startScrollers } from './lib/scrollers';
import { startTheme } from './lib/theme';
import { Toast } from './lib/toast';

// Islands reach htmx here without bundling it a second time.
Object.assign(window, { htmx });

customElements.define('ly-draft', Draft);
customElements.define('ly-toast', Toast);
customElements.define('ly-help', Help);
startRequests(document);
startMenus(document);
startCards(document);
startConfirm(document);
startTheme(document);
startKeys(document);
startScrollers(document);
startLoader(islands, document);
forgetOldDrafts();
