namespace CodeParrot.Operator.ApiServer;

/// <summary>What a request to the API server does.</summary>
internal enum ApiVerb
{
    /// <summary>Reads a page of a list.</summary>
    List,

    /// <summary>Follows changes.</summary>
    Watch,

    /// <summary>Reads one object.</summary>
    Get,

    /// <summary>Makes an object.</summary>
    Create,

    /// <summary>Replaces an object.</summary>
    Replace,

    /// <summary>Changes an object.</summary>
    Patch,

    /// <summary>Deletes an object.</summary>
    Delete,
}
