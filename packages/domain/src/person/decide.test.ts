import { test } from 'vitest';
import { actorOf, contextOf } from '../testing/contexts.ts';
import { specificationOf } from '../testing/specification.ts';
import { personIdOf } from '../values/index.ts';
import * as Person from './index.ts';

const { given } = specificationOf(Person.decider);
const { organizationId } = actorOf();
const personId = personIdOf(organizationId, 'user', 'ada');
const erase: Person.RecordErasure = { type: 'ErasePerson', context: contextOf(), personId, kind: 'user' };
const erased = Person.PersonErased({ organizationId, personId, kind: 'user' });

test('a person is erased', () => given().when(erase).thenEvents(erased));
test('once and for ever', () => given(erased).when(erase).thenNothing());
