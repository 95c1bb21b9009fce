namespace CodeParrot.Evaluation;

/// <summary>Prompts for a first look at a model.</summary>
public static class DefaultPrompts
{
    /// <summary>
    /// A function, a class, imports and a loop: shapes that even a small model of Python sources knows. Each ends
    /// where at least one more token must follow, as a first block could be empty otherwise.
    /// </summary>
    public static IReadOnlyList<string> Python { get; } =
    [
        "def read_file(path):\n    \"\"\"",
        "class Node(object):\n    def __init__(self,",
        "import os\nimport sys\nimport",
        "for i in range(",
    ];
}
