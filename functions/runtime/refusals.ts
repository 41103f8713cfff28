// What follows when the API server will not have a write: nobody tells when it would, such as when a quota is raised.
import { type Intent, type Refusal, requeue } from "./intents.ts";

export const tryAgainSeconds = 60;

export const afterRefusal = ({ refusal }: { refusal: Refusal | undefined }): Intent[] =>
  refusal ? [requeue(tryAgainSeconds)] : [];
