using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes a copy of TorchSharp's native library that loads with the C++ runtime of GCC 12: the one symbol it takes from
/// GLIBCXX_3.4.32, <c>std::ios_base_library_init()</c>, becomes its older equal <c>std::ios_base::Init::Init()</c>.
/// Compiled by MSBuild itself against netstandard2.0 (TorchShim.targets), hence no spans here.
/// </summary>
public class PatchTorchShim : Task
{
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";

    /// <summary>Path of the library as the package ships it; it is only read.</summary>
    [Required]
    public string Source { get; set; }

    /// <summary>Path of the patched copy, put there by a rename so that parallel builds never see half of it.</summary>
    [Required]
    public string Destination { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        var image = File.ReadAllBytes(Source);
        var symbolIndex = IndexOfString(image, NewSymbol);
        var versionIndex = IndexOfString(image, NewVersion);
        if (symbolIndex >= 0 && versionIndex >= 0)
        {
            // The version is known to the loader by the hash in its vernaux entry, not by its name alone.
            var hashIndex = IndexOfVersionEntry(image, ElfHash(NewVersion));
            if (hashIndex < 0)
            {
                Log.LogError(
                    "{0}: no single version entry for {1}; this TorchSharp needs another cure",
                    Source,
                    NewVersion
                );
                return false;
            }

            Overwrite(image, symbolIndex, NewSymbol, OldSymbol);
            Overwrite(image, versionIndex, NewVersion, OldVersion);
            BitConverter.GetBytes(ElfHash(OldVersion)).CopyTo(image, hashIndex);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        var temporary = Destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, image);
        if (File.Exists(Destination))
        {
            File.Delete(Destination);
        }

        try
        {
            File.Move(temporary, Destination);
        }
        catch (IOException) when (File.Exists(Destination))
        {
            // Another project's build put the same bytes there first.
            File.Delete(temporary);
        }

        return true;
    }

    private static uint ElfHash(string name)
    {
        uint hash = 0;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            var top = hash & 0xf0000000;
            hash = (hash ^ (top >> 24)) & ~top;
        }

        return hash;
    }

    private static int IndexOfString(byte[] image, string text)
    {
        var pattern = Encoding.ASCII.GetBytes("\0" + text + "\0");
        var index = IndexOf(image, pattern, 0);
        return index < 0 ? -1 : index + 1;
    }

    private static int IndexOfVersionEntry(byte[] image, uint hash)
    {
        // Elfxx_Vernaux: u32 hash, u16 flags (0), u16 other, u32 name, u32 next (0 or 16).
        var pattern = BitConverter.GetBytes(hash);
        var found = -1;
        for (var i = IndexOf(image, pattern, 0); i >= 0; i = IndexOf(image, pattern, i + 1))
        {
            var isEntry =
                i % 4 == 0 && BitConverter.ToUInt16(image, i + 4) == 0 && BitConverter.ToUInt32(image, i + 12) <= 16;
            if (isEntry && found >= 0)
            {
                return -1;
            }

            found = isEntry ? i : found;
        }

        return found;
    }

    private static int IndexOf(byte[] image, byte[] pattern, int from)
    {
        for (var i = from; i <= image.Length - pattern.Length - 12; i++)
        {
            i = Array.IndexOf(image, pattern[0], i);
            if (i < 0 || i > image.Length - pattern.Length - 12)
            {
                return -1;
            }

            var length = 0;
            while (length < pattern.Length && image[i + length] == pattern[length])
            {
                length++;
            }

            if (length == pattern.Length)
            {
                return i;
            }
        }

        return -1;
    }

    private static void Overwrite(byte[] image, int index, string old, string replacement)
    {
        Array.Clear(image, index, old.Length);
        Encoding.ASCII.GetBytes(replacement).CopyTo(image, index);
    }
}
