// <whereabouts-checkin>: a button that asks the device for its position, once, when pressed; then sends the form.
//
// It wraps nothing and runs nothing by itself: without JavaScript it stays empty and the list of places does the work.
// Attributes: form = id of the form with the fields lon and lat. The server rounds before it keeps anything.
import { gettext } from '../../lib/words';

/** Why the device gave no position, in words that say what to do. */
export function refusal(code: number): string {
  if (code === 1) return gettext('设备没有允许定位。请在浏览器里允许，或改从列表选择点位。');
  if (code === 3) return gettext('定位用时太久，请到开阔处再试，或改从列表选择点位。');
  return gettext('设备现在测不到位置，请改从列表选择点位。');
}

/** The button as a custom element. */
export class WhereaboutsCheckin extends HTMLElement {
  private button!: HTMLButtonElement;
  private words!: HTMLElement;

  connectedCallback(): void {
    if (this.button) return;
    this.button = document.createElement('button');
    this.button.type = 'button';
    this.button.className = 'btn';
    this.button.textContent = gettext('用设备定位');
    this.words = document.createElement('p');
    this.words.className = 'form-hint';
    this.words.setAttribute('role', 'status');
    this.button.addEventListener('click', () => this.ask());
    this.append(this.button, this.words);
    if (!('geolocation' in navigator) || !window.isSecureContext) {
      this.button.disabled = true;
      this.words.textContent = gettext('这台设备或这个连接不能定位，请从列表选择点位。');
    }
  }

  private ask(): void {
    this.button.disabled = true;
    this.words.textContent = gettext('正在定位…');
    navigator.geolocation.getCurrentPosition(
      (found) => this.send(found.coords.longitude, found.coords.latitude),
      (error) => {
        this.button.disabled = false;
        this.words.textContent = refusal(error.code);
      },
      { enableHighAccuracy: false, timeout: 20000, maximumAge: 60000 },
    );
  }

  private send(lon: number, lat: number): void {
    const form = document.getElementById(this.getAttribute('form') ?? '') as HTMLFormElement | null;
    const [x, y] = ['lon', 'lat'].map((name) => form?.elements.namedItem(name) as HTMLInputElement | null);
    if (!form || !x || !y) return;
    this.words.textContent = gettext('已定位，正在打卡…');
    x.value = lon.toFixed(4);
    y.value = lat.toFixed(4);
    form.submit();
  }
}

if (!customElements.get('whereabouts-checkin')) customElements.define('whereabouts-checkin', WhereaboutsCheckin);
