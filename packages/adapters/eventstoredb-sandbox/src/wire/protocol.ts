// The client's generated code is CommonJS without named exports that Node can see, hence the default imports.
import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import protobufEmptyPb from 'google-protobuf/google/protobuf/empty_pb.js';

export {
  GossipService,
  ServerFeaturesService,
  StreamsService,
  anyPb,
  featuresPb,
  gossipPb,
  protobufEmptyPb,
  sharedPb,
  statusPb,
  streamsPb,
};
