using System;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Puts items into the order of their names. Sources come in the order in which a file system happens to list them, and
/// types stand in the program in that order. Compiled by MSBuild itself against netstandard2.0 (Images.targets).
/// </summary>
public class SortItems : Task
{
    /// <summary>Items in any order.</summary>
    [Required]
    public ITaskItem[] Items { get; set; }

    /// <summary>The same in the order of their names.</summary>
    [Output]
    public ITaskItem[] Sorted { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        Sorted = Items.OrderBy(i => i.ItemSpec, StringComparer.Ordinal).ToArray();
        return true;
    }
}
