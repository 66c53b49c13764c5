// seller-mail: a seller's subscription to what is told of its own feeds, made as on AWS: by e-mail, filtered by seller,
// confirmed by the token that the first mail holds.

import {
  ConfirmSubscriptionCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import type { Cloud } from "../cloud";
import { addressOf } from "./seller-account";

export async function subscribe({ url, region, operator, mailbox }: Cloud, TopicArn: string, seller: string) {
  const sns = new SNSClient({ endpoint: url, region, credentials: operator });
  const Endpoint = addressOf(seller);
  try {
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    if (Subscriptions.some((each) => each.Endpoint === Endpoint)) return;
    const Attributes = { FilterPolicy: JSON.stringify({ seller: [seller] }) };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint, Attributes }));
    const invitation = mailbox.mails.findLast(({ to }) => to === Endpoint);
    const [, Token] = /--token (\S+)/.exec(invitation?.text ?? "") ?? [];
    if (Token === undefined) throw new Error(`Cannot confirm the subscription of "${Endpoint}": no mail holds a token`);
    await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  } finally {
    sns.destroy();
  }
}
