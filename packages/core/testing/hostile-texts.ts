/** Texts that have broken message senders before. */
export const HOSTILE_TEXTS: readonly (readonly [name: string, text: string])[] = [
  ["half a character", "before \ud83d after \udc00"],
  ["control characters", "nul \u0000 bell \u0007 escape \u001b[31m delete \u007f"],
  ["line breaks of every kind", "a\r\nb\rc\nd\u2028e\u2029f\u0085g"],
  ["direction overrides", "abc \u202e fed \u2066 ghi"],
  ["zero width", "a\u200bb\u200dc\ufeffd"],
  ["JSON", '{"a": "\\"}'],
  ["a form boundary", '\r\n--boundary\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\n{}'],
  ["mentions", "@everyone @here <@1> <@&2> <#3> </status:4>"],
  ["markdown", "```js\n`**_~~||> # - [x](https://example.org)"],
  ["a template", "{{ constructor.constructor('return process')() }} <%= 7 * 7 %> {% raw %} %s %n"],
  ["100,000 characters", "0123456789".repeat(10_000)],
  ["10,000 emoji of many parts", "👩‍👩‍👧‍👦".repeat(10_000)],
  ["combining marks without end", `a${"\u0301".repeat(5_000)}`],
  ["only spaces", " \t\u00a0\u3000"],
];
