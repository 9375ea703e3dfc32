import type { Knex } from 'knex';
import type { IdentityFacts } from '../../azure/arm/identityFacts';
import { subscriptionOf } from '../../azure/armIds';
import { lower } from '../../platform/text';
import {
  type FactDescription,
  type KeyOf,
  type Reading,
  STORED_COLUMNS,
  storedFact,
  type StoredFact,
} from './FactTable';
import { SubscriptionTable } from './SubscriptionTable';

/** User-assigned identities, by their ARM ids. */
export const IDENTITIES: FactDescription<'identities', string, IdentityFacts> =
  {
    table: 'identities',
    thing: 'identity',
    placeOf: id => ({
      key: { id: lower(id) },
      columns: {
        subscription_id: subscriptionOf(id),
        name: lower(id.slice(id.lastIndexOf('/') + 1)),
      },
    }),
    columnsOf: facts => ({
      client_id: lower(facts.clientId),
      principal_id: lower(facts.principalId),
    }),
    storedColumns: STORED_COLUMNS,
    stored: row => storedFact(row, JSON.parse),
    judged: (registries, keys) =>
      registries.whereIn('identity', clients =>
        clients
          .from('identities')
          .whereIn(
            'id',
            keys.map(({ id }) => id),
          )
          .select('client_id'),
      ),
  };

/** Rows of user-assigned identities. */
export class IdentityRows extends SubscriptionTable<
  'identities',
  string,
  IdentityFacts
> {
  constructor(db: Knex) {
    super(db, IDENTITIES);
  }

  keep(
    identities: readonly IdentityFacts[],
    reading: Reading,
  ): Promise<KeyOf<'identities'>[]> {
    return this.keepEach(
      identities.map(facts => ({ name: facts.id, facts })),
      reading,
    );
  }

  /** Rows of several identities, by their ARM ids in lower case. */
  async ofAll(
    ids: readonly string[],
  ): Promise<Map<string, StoredFact<IdentityFacts>>> {
    const found = await this.getEach(ids.map(id => ({ id: lower(id) })));
    return new Map(found.map(({ key, fact }) => [key.id, fact]));
  }

  /** Identities that a text may refer to, by resource id, name, client id or principal id. */
  async matching(
    text: string,
    subscriptions: readonly string[],
  ): Promise<IdentityFacts[]> {
    const wanted = lower(text);
    return this.inSubscriptions(subscriptions, row =>
      row
        .where({ id: wanted })
        .orWhere({ name: wanted })
        .orWhere({ client_id: wanted })
        .orWhere({ principal_id: wanted }),
    );
  }

  /** ARM id of the one that is known by a client id. */
  async idOf(clientId: string): Promise<string | undefined> {
    const row = await this.db('identities')
      .where({ client_id: lower(clientId) })
      .first('id');
    return row?.id;
  }
}
