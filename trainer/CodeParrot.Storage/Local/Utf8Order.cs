namespace CodeParrot.Storage.Local;

/// <summary>The order of S3 listings: UTF-8 bytes, where .NET's ordinal order puts surrogate pairs too early.</summary>
internal sealed class Utf8Order : IComparer<byte[]>
{
    public static readonly Utf8Order Instance = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
