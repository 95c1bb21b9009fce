using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CodeParrot.Distributed.Tests")]
