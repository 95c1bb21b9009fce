using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CodeParrot.Checkpoints.Tests")]
