/** Pictures without a network: avatars drawn from the name, and placeholders for what is on other hosts. */

const COLORS = ["#5865f2", "#3ba55d", "#faa61a", "#ed4245", "#eb459e", "#757e8a", "#1abc9c", "#9b59b6"];

/** The webhook's own picture when it came along as data; otherwise its initials on a colour of its own. */
export function avatarOf(name: string, avatarUrl: string | null): string {
  if (avatarUrl?.startsWith("data:image/")) return avatarUrl;
  const color = COLORS[hash(`${name}|${avatarUrl ?? ""}`) % COLORS.length]!;
  const initials = Array.from(name.matchAll(/\p{L}|\p{N}/gu), ([letter]) => letter);
  const text = (initials[0] ?? "?").toUpperCase();
  return svg(
    80,
    80,
    `<rect width="80" height="80" fill="${color}"/><text x="40" y="55" font-family="sans-serif" font-size="42" font-weight="600" fill="#fff" text-anchor="middle">${escapeXml(text)}</text>`,
  );
}

export type Frame = "icon" | "thumbnail" | "image";

const SIZES: Readonly<Record<Frame, readonly [number, number]>> = {
  icon: [24, 24],
  thumbnail: [80, 80],
  image: [300, 150],
};

/** The address to load a picture from, when that is here; a picture that says where it would be, when it is elsewhere. */
export function pictureOf(url: string, ownUrl: string, frame: Frame = "image"): string {
  if (url.startsWith(`${ownUrl}/attachments/`)) return url.slice(ownUrl.length);
  const [width, height] = SIZES[frame];
  const { host, pathname } = URL.parse(url) ?? { host: url, pathname: "" };
  const line = (y: number, size: number, text: string) =>
    `<text x="150" y="${y}" font-family="sans-serif" font-size="${size}" fill="#b5bac1" text-anchor="middle">${escapeXml(cut(text))}</text>`;
  const words = frame === "image" ? line(112, 13, host) + line(131, 11, pathname) : "";
  const lift = frame === "image" ? 66 : height / 2;
  return svg(
    width,
    height,
    `<rect width="${width}" height="${height}" rx="4" fill="#1e1f22"/><g transform="translate(${width / 2} ${lift}) scale(${Math.min(height / 100, 1)})" fill="#4e5058"><path d="M-30 16l18-24 14 17 9-11 19 24z"/><circle cx="22" cy="-18" r="7"/></g>${words}`,
  );
}

function svg(width: number, height: number, inner: string): string {
  const source = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inner}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(source.toWellFormed())}`;
}

function cut(text: string): string {
  return text.length > 38 ? `${text.slice(0, 37)}…` : text;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

function hash(text: string): number {
  let value = 7;
  for (const character of text) value = (value * 31 + character.codePointAt(0)!) >>> 0;
  return value;
}
