/** Who writes: somebody known, somebody new, and with which roles. */
import { html, nothing, type TemplateResult } from "lit";
import type { Surroundings } from "../../view/protocol.ts";
import { act } from "../act.ts";
import type { Own } from "../own.ts";
import { avatarOf } from "../pictures.ts";
import type { Tell } from "./app.ts";

export function renderPerson(own: Own, { people, roles }: Surroundings, tell: Tell): TemplateResult {
  const names = [...new Set([own.name, ...people.map(({ name }) => name)])];
  const held = people.find(({ name }) => name === own.name)?.roleIds ?? [];
  const heldNames = roles.filter(({ id }) => held.includes(id)).map(({ name }) => name);
  const toggle = (role: string) => {
    const after = heldNames.includes(role) ? heldNames.filter((one) => one !== role) : [...heldNames, role];
    void act({ kind: "roles", roles: after }, own, tell);
  };
  const enter = (event: KeyboardEvent) => {
    const name = (event.target as HTMLInputElement).value.trim();
    if (event.key === "Enter" && name !== "") tell({ kind: "become", name });
  };
  return html`
    <div class="person" role="dialog" aria-label="Who writes">
      <h3>Write as</h3>
      ${names.map(
        (name) => html`
          <button class=${name === own.name ? "on" : ""} @click=${() => tell({ kind: "become", name })}>
            <img src=${avatarOf(name, null)} alt="" />${name}
          </button>
        `,
      )}
      <input maxlength="32" placeholder="Somebody else, by name" aria-label="Somebody else" @keydown=${enter} />
      ${
        roles.length === 0
          ? nothing
          : html`<h3>Roles of ${own.name}</h3>${roles.map(
              ({ name }) =>
                html`<label><input type="checkbox" .checked=${heldNames.includes(name)} @change=${() => toggle(name)} />${name}</label>`,
            )}`
      }
    </div>
  `;
}
