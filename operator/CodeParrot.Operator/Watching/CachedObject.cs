using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Operator.Watching;

/// <summary>What a cache keeps of an object.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Run">The run that is to be looked at when it changes; null for none.</param>
/// <param name="Version">Its resource version.</param>
/// <param name="Value">The few fields that are wanted.</param>
/// <typeparam name="T">Type of the value.</typeparam>
internal sealed record CachedObject<T>(ObjectKey Key, RunKey? Run, string Version, T Value);
