// Publishes ports of containers that are on several networks: each family is published once, follows the default route, and comes back with its network.
import * as assert from 'uvu/assert'
import { audit } from '../helpers/audit.ts'
import { containerSuite, withContainers } from '../helpers/containers.ts'
