using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CodeParrot.Distributed.Authentication;

/// <summary>
/// Messages over a connection whose sides have proven the key: length, JSON, and a tag by the session's key over
/// sender, position and content, so that nothing can be inserted, repeated or changed. Not encrypted: nothing in it is
/// secret.
/// </summary>
internal sealed class SecureChannel(Stream stream, byte[] sessionKey, bool isServer)
{
    private const int TagBytes = 32;
    private long _sent;
    private long _received;

    public async Task SendAsync<T>(T message, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, type);
        var frame = new byte[sizeof(int) + body.Length + TagBytes];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame, sizeof(int));
        Tag(isServer, _sent++, body).CopyTo(frame, sizeof(int) + body.Length);
        await stream.WriteAsync(frame, cancellationToken);
    }

    /// <summary>Reads the next message of at most <paramref name="maxBytes"/> bytes.</summary>
    /// <exception cref="InvalidDataException">Too long, a wrong tag, or not such a message.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public async Task<T> ReceiveAsync<T>(JsonTypeInfo<T> type, int maxBytes, CancellationToken cancellationToken)
    {
        var head = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(head, cancellationToken);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length < 0 || length > maxBytes)
        {
            throw new InvalidDataException($"A message of {length} bytes came where at most {maxBytes} are allowed");
        }

        var frame = new byte[length + TagBytes];
        await stream.ReadExactlyAsync(frame, cancellationToken);
        var body = frame.AsSpan(0, length);
        if (!CryptographicOperations.FixedTimeEquals(frame.AsSpan(length), Tag(!isServer, _received++, body)))
        {
            throw new InvalidDataException("A message came with a wrong tag");
        }

        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new InvalidDataException("An empty message came");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("A message came that cannot be read", error);
        }
    }

    private byte[] Tag(bool byServer, long position, ReadOnlySpan<byte> body)
    {
        Span<byte> prefix = stackalloc byte[1 + sizeof(long)];
        prefix[0] = byServer ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(prefix[1..], position);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, sessionKey);
        hash.AppendData(prefix);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
