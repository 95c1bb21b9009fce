using System.Security.Cryptography;

namespace CodeParrot.Distributed.Authentication;

/// <summary>
/// Both sides prove the key by HMAC-SHA256 over two fresh nonces and their role, the client first: a stranger learns
/// one random number and nothing else. All messages have fixed sizes, so nothing of a stranger's choosing is allocated.
/// </summary>
/// <remarks>
/// hello = magic, version, purpose, client nonce → server nonce → client's proof → verdict, server's proof.
/// </remarks>
internal static class Handshake
{
    private const int NonceBytes = 32;
    private const int ProofBytes = 32;
    private const int HelloBytes = 8 + NonceBytes;
    private const byte Accepted = 1;
    private const byte Refused = 2;

    private static ReadOnlySpan<byte> Magic => "CPDIST1"u8;

    /// <summary>Opens a channel as the side that connected.</summary>
    /// <exception cref="RendezvousRefusedException">The two sides do not hold the same key.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public static async Task<SecureChannel> ConnectAsync(
        Stream stream,
        byte[] key,
        ChannelPurpose purpose,
        CancellationToken cancellationToken
    )
    {
        var transcript = new byte[HelloBytes + NonceBytes];
        WriteHello(transcript, purpose);
        RandomNumberGenerator.Fill(transcript.AsSpan(8, NonceBytes));
        await stream.WriteAsync(transcript.AsMemory(0, HelloBytes), cancellationToken);
        await stream.ReadExactlyAsync(transcript.AsMemory(HelloBytes), cancellationToken);
        await stream.WriteAsync(Prove(key, "client"u8, transcript), cancellationToken);

        var verdict = new byte[1 + ProofBytes];
        await stream.ReadExactlyAsync(verdict, cancellationToken);
        var proven = CryptographicOperations.FixedTimeEquals(verdict.AsSpan(1), Prove(key, "server"u8, transcript));
        return verdict[0] == Accepted && proven
            ? new SecureChannel(stream, Prove(key, "session"u8, transcript), isServer: false)
            : throw WrongKey();
    }

    /// <summary>Opens a channel as the side that was connected to.</summary>
    /// <exception cref="InvalidDataException">The client does not speak this protocol.</exception>
    /// <exception cref="RendezvousRefusedException">The client does not hold the key; it has been told.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public static async Task<SecureChannel> AcceptAsync(
        Stream stream,
        byte[] key,
        ChannelPurpose purpose,
        CancellationToken cancellationToken
    )
    {
        var transcript = new byte[HelloBytes + NonceBytes];
        await stream.ReadExactlyAsync(transcript.AsMemory(0, HelloBytes), cancellationToken);
        if (!IsHello(transcript, purpose))
        {
            throw new InvalidDataException("The client did not begin with this protocol's greeting");
        }

        RandomNumberGenerator.Fill(transcript.AsSpan(HelloBytes));
        await stream.WriteAsync(transcript.AsMemory(HelloBytes), cancellationToken);
        var proof = new byte[ProofBytes];
        await stream.ReadExactlyAsync(proof, cancellationToken);

        var verdict = new byte[1 + ProofBytes];
        var proven = CryptographicOperations.FixedTimeEquals(proof, Prove(key, "client"u8, transcript));
        verdict[0] = proven ? Accepted : Refused;
        if (proven)
        {
            Prove(key, "server"u8, transcript).CopyTo(verdict, 1);
        }

        await stream.WriteAsync(verdict, cancellationToken);
        return proven
            ? new SecureChannel(stream, Prove(key, "session"u8, transcript), isServer: true)
            : throw WrongKey();
    }

    private static void WriteHello(Span<byte> target, ChannelPurpose purpose)
    {
        Magic.CopyTo(target);
        target[7] = (byte)purpose;
    }

    private static bool IsHello(ReadOnlySpan<byte> hello, ChannelPurpose purpose) =>
        hello.StartsWith(Magic) && hello[7] == (byte)purpose;

    private static byte[] Prove(byte[] key, ReadOnlySpan<byte> role, ReadOnlySpan<byte> transcript)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(role);
        hash.AppendData(transcript);
        return hash.GetHashAndReset();
    }

    private static RendezvousRefusedException WrongKey() =>
        new(RefusalReason.WrongKey, "the key of its attempt", "another key");
}
