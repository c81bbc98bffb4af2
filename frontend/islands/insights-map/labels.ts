// Names and numbers beside the crowds: the largest first, none over another.
import type { View } from './projection';
import { type Placed, spread } from './sparks';

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const FONT = '600 12px system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** The warmth around a crowd: what makes many sparks a fire, and one spark visible from afar. */
export function drawGlow(context: CanvasRenderingContext2D, placed: Placed[], view: View, ratio: number): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalCompositeOperation = 'lighter';
  for (const { cell, x, y } of placed) {
    const reach = spread(cell[2], view.k) * 1.9 + 8;
    const [cx, cy] = [x * view.k + view.x, y * view.k + view.y];
    const glow = context.createRadialGradient(cx, cy, 0, cx, cy, reach);
    glow.addColorStop(0, 'rgba(255, 92, 40, 0.34)');
    glow.addColorStop(0.45, 'rgba(224, 48, 32, 0.16)');
    glow.addColorStop(1, 'rgba(200, 16, 46, 0)');
    context.fillStyle = glow;
    context.fillRect(cx - reach, cy - reach, 2 * reach, 2 * reach);
  }
  context.globalCompositeOperation = 'source-over';
}

/** Draw the labels that fit; `hovered` always gets its own. */
export function drawLabels(
  context: CanvasRenderingContext2D,
  placed: Placed[],
  view: View,
  ratio: number,
  hovered: string,
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = FONT;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const taken: Box[] = [];
  const order = [...placed].sort(
    (a, b) => Number(b.cell[11] === hovered) - Number(a.cell[11] === hovered) || b.cell[2] - a.cell[2],
  );
  for (const { cell, x, y } of order.slice(0, 60)) {
    const text = `${cell[10]} ${cell[2].toLocaleString('zh-CN')}`;
    const width = context.measureText(text).width;
    const radius = spread(cell[2], view.k);
    const [cx, cy] = [x * view.k + view.x, y * view.k + view.y];
    for (const [left, middle] of [
      [cx + radius + 6, cy],
      [cx - radius - 6 - width, cy],
      [cx - width / 2, cy - radius - 12],
      [cx - width / 2, cy + radius + 12],
    ]) {
      const box = { left: left - 4, top: middle - 9, right: left + width + 4, bottom: middle + 9 };
      if (box.left < 0 || box.right > context.canvas.width / ratio) continue;
      if (taken.some((other) => overlaps(other, box))) continue;
      taken.push(box);
      context.fillStyle = 'rgba(23, 17, 15, 0.66)';
      context.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
      context.fillStyle = cell[11] === hovered ? '#ffffff' : '#f3d9c8';
      context.fillText(text, left, middle);
      break;
    }
  }
}

/** The crowd under a point of the screen, or null; the nearest where several overlap. */
export function cellAt(placed: Placed[], view: View, sx: number, sy: number): Placed | null {
  let best: Placed | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const place of placed) {
    const distance = Math.hypot(place.x * view.k + view.x - sx, place.y * view.k + view.y - sy);
    if (distance < spread(place.cell[2], view.k) + 12 && distance < least) {
      best = place;
      least = distance;
    }
  }
  return best;
}
