namespace CodeParrot.Distributed.Authentication;

/// <summary>What a connection is for; a proof for one purpose is worth nothing for the other.</summary>
internal enum ChannelPurpose
{
    Rendezvous = 1,
    Ring = 2,
}
