/** Reads a poll. https://docs.discord.com/developers/resources/poll#poll-create-request-object */
import type { APIPoll } from "discord-api-types/v10";
import { toApiTime } from "../time/api-time.ts";
import { choice, flag, integer, list, model, text } from "./reader.ts";

const QUESTION_MAX = 300;
const ANSWER_MAX = 55;
const ANSWERS_MAX = 10;
const HOURS_MAX = 32 * 24;
const HOURS_DEFAULT = 24;

export const poll = model(
  {
    question: model({ text: text({ min: 1, max: QUESTION_MAX }) }, { required: ["text"] }),
    answers: list(
      model(
        { poll_media: model({ text: text({ min: 1, max: ANSWER_MAX }) }, { required: ["text"] }) },
        {
          required: ["poll_media"],
          inList: true,
        },
      ),
      { min: 1, max: ANSWERS_MAX },
    ),
    duration: integer({ min: 1, max: HOURS_MAX }),
    allow_multiselect: flag,
    layout_type: choice([1]),
  },
  { required: ["question", "answers"] },
);

export type PollForm = NonNullable<ReturnType<typeof poll>>;

export function toPoll({ question, answers = [], duration, allow_multiselect }: PollForm, now: number): APIPoll {
  return {
    question: question ?? {},
    answers: answers.map((answer, at) => ({ answer_id: at + 1, poll_media: answer.poll_media ?? {} })),
    expiry: toApiTime(now + (duration ?? HOURS_DEFAULT) * 3_600_000),
    allow_multiselect: allow_multiselect ?? false,
    layout_type: 1,
    results: { is_finalized: false, answer_counts: [] },
  };
}
