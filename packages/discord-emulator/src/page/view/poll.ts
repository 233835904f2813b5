/** A poll, which nobody here can vote in. */
import type { APIPoll } from "discord-api-types/v10";
import { html, type TemplateResult } from "lit";

export function renderPoll({ question, answers, allow_multiselect, expiry }: APIPoll): TemplateResult {
  const until = expiry === null ? "" : ` · open until ${new Date(expiry).toLocaleString()}`;
  return html`
    <div class="poll" slot="components">
      <b>${question.text}</b>
      <small>Select one ${allow_multiselect ? "or more answers" : "answer"}</small>
      ${answers.map(({ poll_media }) => html`<div class="answer">${poll_media.text}</div>`)}
      <small>0 votes${until}</small>
    </div>
  `;
}
