// <insights-slider>: a range that moves a date field back from today. Without JavaScript the date field does it alone.
//
// Attributes: for = id of the date field; days = how far back; today = YYYY-MM-DD. The right end is now (an empty field).
import { fill, gettext } from '../../lib/words';

/** The day `back` days before `today` (YYYY-MM-DD), or '' for now. */
export function dayBefore(today: string, back: number): string {
  if (back <= 0) return '';
  const [year, month, day] = today.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day - back)).toISOString().slice(0, 10);
}

/** How many days `day` lies before `today`; 0 for '' and for what is no date. */
export function daysBack(today: string, day: string): number {
  const back = Math.round((Date.parse(today) - Date.parse(day)) / 86400000);
  return Number.isFinite(back) ? Math.max(0, back) : 0;
}

/** The slider as a custom element. */
export class InsightsSlider extends HTMLElement {
  private range!: HTMLInputElement;
  private words!: HTMLOutputElement;
  private timer = 0;

  connectedCallback(): void {
    const field = document.getElementById(this.getAttribute('for') ?? '') as HTMLInputElement | null;
    if (this.range || !field) return;
    const today = this.getAttribute('today') ?? '';
    const days = Math.max(Number(this.getAttribute('days')) || 365, daysBack(today, field.value));
    const label = document.createElement('label');
    label.className = 'form-label';
    label.textContent = gettext('往回拨');
    this.range = document.createElement('input');
    this.range.type = 'range';
    this.range.className = 'form-range';
    this.range.min = '0';
    this.range.max = String(days);
    this.range.id = `${field.id}-slider`;
    label.htmlFor = this.range.id;
    this.words = document.createElement('output');
    this.words.className = 'form-hint';
    this.words.setAttribute('for', this.range.id);
    const show = (): void => {
      const back = days - Number(this.range.value);
      const text =
        back === 0 ? gettext('现在') : fill(gettext('%(day)s（%(back)s 天前）'), { day: dayBefore(today, back), back });
      this.words.textContent = text;
      this.range.setAttribute('aria-valuetext', text);
    };
    this.range.value = String(days - daysBack(today, field.value));
    this.range.addEventListener('input', (event) => {
      event.stopPropagation(); // the form hears of the date field below, not of every pixel here
      show();
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => {
        field.value = dayBefore(today, days - Number(this.range.value));
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }, 120);
    });
    this.range.addEventListener('change', (event) => event.stopPropagation());
    field.addEventListener('change', () => {
      this.range.value = String(days - daysBack(today, field.value));
      show();
    });
    show();
    this.append(label, this.range, this.words);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
  }
}

if (!customElements.get('insights-slider')) customElements.define('insights-slider', InsightsSlider);
