using System.Text.Json.Serialization;

namespace CodeParrot.Distributed.Coordination;

/// <summary>Readers and writers of the messages, generated at build time.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JoinRequest))]
[JsonSerializable(typeof(Reply))]
[JsonSerializable(typeof(RingGreeting))]
internal sealed partial class CoordinationJson : JsonSerializerContext;
