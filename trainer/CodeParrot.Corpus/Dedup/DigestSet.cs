namespace CodeParrot.Corpus.Dedup;

/// <summary>A set of 128-bit digests in open addressing: 16 bytes a place, at most 4 of 5 places taken.</summary>
internal sealed class DigestSet
{
    private const int PartCount = 256;
    private readonly UInt128[][] _parts = new UInt128[PartCount][];
    private readonly int[] _counts = new int[PartCount];

    /// <summary>Adds a digest; false when it was there.</summary>
    public bool Add(UInt128 digest)
    {
        // Zero marks a free place. That a text hashes to zero or to one is as likely as any other collision.
        if (digest == UInt128.Zero)
            digest = UInt128.One;
        // Parts grow one at a time, so that growing never takes twice the memory of the whole.
        var part = (int)((ulong)(digest >> 64) >> 56);
        var places = _parts[part] ??= new UInt128[16];
        if ((_counts[part] + 1) * 5L > places.Length * 4L)
            places = _parts[part] = Grow(places);
        var place = Find(places, digest);
        if (places[place] != UInt128.Zero)
            return false;
        places[place] = digest;
        _counts[part]++;
        return true;
    }

    private static UInt128[] Grow(UInt128[] places)
    {
        var grown = new UInt128[places.Length * 2];
        foreach (var digest in places)
        {
            if (digest != UInt128.Zero)
                grown[Find(grown, digest)] = digest;
        }
        return grown;
    }

    private static int Find(UInt128[] places, UInt128 digest)
    {
        var mask = places.Length - 1;
        var place = (int)(ulong)digest & mask;
        while (places[place] != UInt128.Zero && places[place] != digest)
            place = (place + 1) & mask;
        return place;
    }
}
