// Questions about users. Every authenticated user may do everything on this host: its tokens are all root's.
import type { FindUser } from "../http/authentication.ts";
import { isRecord, type KubernetesObject } from "../object.ts";
import { builtIn } from "./built-in.ts";
import { anything, fields, flag, list, mapOf, objectSchema, text, words } from "./fields.ts";

const verbs = ["create"] as const;

const userInfo = fields("A user.", {
  username: text("Name of the user."),
  uid: text("Identity of the user."),
  groups: words("Groups of the user."),
  extra: mapOf("More about the user.", words("Values.")),
});

const named = (group: string, kind: string, namespaced = false) => ({
  ...{ group, kind, namespaced },
  plural: `${kind.toLowerCase()}s`,
});

const authentication = "authentication.k8s.io";
const authorization = "authorization.k8s.io";

const tokenOf = ({ spec }: KubernetesObject): string =>
  isRecord(spec) && typeof spec.token === "string" ? spec.token : "";

const tokenReviews = (findUser: FindUser) =>
  builtIn(
    {
      ...named(authentication, "TokenReview"),
      schema: objectSchema("TokenReview asks whose token something is.", {
        spec: fields("The question.", { token: text("The token."), audiences: words("Ignored.") }),
        status: fields("The answer.", {
          authenticated: flag("Whether the token is known."),
          user: userInfo,
          audiences: words("Audiences of the token."),
          error: text("Why it is not known."),
        }),
      }),
    },
    {
      verbs,
      review: (review) => {
        const user = findUser(tokenOf(review));
        const status = user ? { authenticated: true, user } : { authenticated: false, error: "unknown token" };
        return { ...review, status };
      },
    },
  );

const selfSubjectReviews = builtIn(
  {
    ...named(authentication, "SelfSubjectReview"),
    schema: objectSchema("SelfSubjectReview asks who is asking.", {
      status: fields("The answer.", { userInfo }),
    }),
  },
  { verbs, review: (review, user) => ({ ...review, status: { userInfo: user } }) },
);

const accessSchema = (description: string) =>
  objectSchema(description, {
    spec: anything("Who wants to do what."),
    status: fields("The answer.", { allowed: flag("Whether it may be done."), reason: text("Why.") }),
  });

const allowed = { allowed: true, reason: "every authenticated user of this host may do everything" };

const accessReviews = [
  builtIn(
    {
      ...named(authorization, "SubjectAccessReview"),
      schema: accessSchema("SubjectAccessReview asks whether a user may do something."),
    },
    { verbs, review: (review) => ({ ...review, status: allowed }) },
  ),
  builtIn(
    {
      ...named(authorization, "SelfSubjectAccessReview"),
      schema: accessSchema("SelfSubjectAccessReview asks whether the one who asks may do something."),
    },
    { verbs, review: (review) => ({ ...review, status: allowed }) },
  ),
  builtIn(
    {
      ...named(authorization, "LocalSubjectAccessReview", true),
      schema: accessSchema("LocalSubjectAccessReview asks whether a user may do something in a namespace."),
    },
    { verbs, review: (review) => ({ ...review, status: allowed }) },
  ),
];

const rule = list("Rules.", anything("A rule."));

const rulesReview = builtIn(
  {
    ...named(authorization, "SelfSubjectRulesReview"),
    schema: objectSchema("SelfSubjectRulesReview asks for all that the one who asks may do in a namespace.", {
      spec: fields("The question.", { namespace: text("The namespace.") }),
      status: fields("The answer.", {
        resourceRules: rule,
        nonResourceRules: rule,
        incomplete: flag("Whether something is missing."),
      }),
    }),
  },
  {
    verbs,
    review: (review) => ({
      ...review,
      status: {
        resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
        nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
        incomplete: false,
      },
    }),
  },
);

export const reviews = (findUser: FindUser) => [
  tokenReviews(findUser),
  selfSubjectReviews,
  ...accessReviews,
  rulesReview,
];
