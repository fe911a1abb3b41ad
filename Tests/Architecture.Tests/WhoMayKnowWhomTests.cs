using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Impetus.Architecture.Tests;

/// <summary>
/// The walls of the house (docs/architecture.md). Project references keep the outer ones; these tests keep those inside a
/// project, down to what method bodies touch.
/// </summary>
public sealed class WhoMayKnowWhomTests
{
    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader()
        .LoadAssemblies(
            Assembly.Load("Impetus.Native"), Assembly.Load("Impetus.Engine"), Assembly.Load("Impetus.Retrieval"),
            Assembly.Load("Impetus.Server"), Assembly.Load("Impetus.MenuBar"))
        .Build();

    [Theory]
    [InlineData("Impetus.Engine", "Microsoft.AspNetCore", "inference is not tied to a web server")]
    [InlineData("Impetus.Engine", "Microsoft.Data.Sqlite", "tensors are not tied to a database")]
    [InlineData("Impetus.Engine", "Impetus.Retrieval", "an engine knows no documents")]
    [InlineData("Impetus.Engine", "Impetus.Server", "an engine knows no server")]
    [InlineData("Impetus.Retrieval", "Impetus.Engine", "retrieval knows interfaces, never a tensor")]
    [InlineData("Impetus.Retrieval", "Impetus.Server", "a library knows no server")]
    [InlineData("Impetus.Retrieval", "Microsoft.AspNetCore", "a library knows no web server")]
    [InlineData("Impetus.Server", "Impetus.Native", "only the MLX backend speaks to MLX")]
    [InlineData("Impetus.Server", "Impetus.MenuBar", "the server runs headless")]
    [InlineData("Impetus.Engine.Tensors", "Impetus.Engine.Backends", "the contract knows no backend")]
    [InlineData("Impetus.Engine.Tensors", "Impetus.Engine.Models", "the contract knows no model")]
    [InlineData("Impetus.Engine.Weights", "Impetus.Engine.Backends", "files know no backend")]
    [InlineData("Impetus.Engine.Weights", "Impetus.Engine.Models", "files know no model")]
    [InlineData("Impetus.Engine.Models", "Impetus.Engine.Backends", "a model is written once, for all backends")]
    [InlineData("Impetus.Engine.Models", "Impetus.Engine.Scheduling", "a model knows no queue")]
    [InlineData("Impetus.Engine.Models", "Impetus.Engine.Generation", "a model knows no sampling")]
    [InlineData("Impetus.Engine.Models", "Impetus.Engine.Tokenization", "a model sees ids, not text")]
    [InlineData("Impetus.Engine.Tokenization", "Impetus.Engine.Tensors", "text is not tied to tensors")]
    [InlineData("Impetus.Engine.Tokenization", "Impetus.Engine.Models", "text is not tied to models")]
    [InlineData("Impetus.Engine.Generation", "Impetus.Engine.Scheduling", "choosing tokens knows no queue")]
    [InlineData("Impetus.Engine.Generation", "Impetus.Engine.Backends", "choosing tokens knows no backend")]
    [InlineData("Impetus.Engine.Scheduling", "Impetus.Engine.Backends", "queues know no backend")]
    [InlineData("Impetus.Engine.Embedding", "Impetus.Engine.Backends", "embedding knows no backend")]
    [InlineData("Impetus.Engine.Backends.Cpu", "Impetus.Engine.Backends.Mlx", "backends do not know each other")]
    [InlineData("Impetus.Engine.Backends.Mlx", "Impetus.Engine.Backends.Cpu", "backends do not know each other")]
    [InlineData("Impetus.Engine.Backends.Cpu", "Impetus.Native", "only the MLX backend speaks to MLX")]
    [InlineData("Impetus.Engine.Backends", "Impetus.Engine.Models", "a backend knows no model")]
    [InlineData("Impetus.MenuBar.Menu", "Impetus.MenuBar.AppKit", "what decides is portable")]
    [InlineData("Impetus.MenuBar.App", "Impetus.MenuBar.AppKit", "what decides is portable")]
    public void A_room_does_not_know(string room, string other, string because)
    {
        var offences = House.Types
            .Where(type => IsIn(type, room))
            .SelectMany(type => type.Dependencies.Where(dependency => IsIn(dependency.Target, other)))
            .Select(dependency => $"{dependency.Origin.FullName} knows {dependency.Target.FullName}")
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.True(offences.Count == 0, $"{because}:\n{string.Join('\n', offences)}");
    }

    [Fact]
    public void Only_the_mlx_backend_speaks_to_the_native_library()
    {
        var offences = House.Types
            .Where(type => IsIn(type, "Impetus") && !IsIn(type, "Impetus.Native") && !IsIn(type, "Impetus.Engine.Backends.Mlx"))
            .Where(type => type.Dependencies.Any(dependency => IsIn(dependency.Target, "Impetus.Native")))
            .Select(type => type.FullName)
            .ToList();

        Assert.Empty(offences);
    }

    [Fact]
    public void The_walls_are_looked_at_through_loaded_rooms()
    {
        Assert.Contains(House.Types, type => type.FullName == "Impetus.Engine.Tensors.IBackend");
        Assert.Contains(
            House.Types.Where(type => IsIn(type, "Impetus.Engine.Models")).SelectMany(type => type.Dependencies),
            dependency => IsIn(dependency.Target, "Impetus.Engine.Tensors"));
    }

    private static bool IsIn(IType type, string room) =>
        type.FullName == room || type.FullName.StartsWith(room + ".", StringComparison.Ordinal);
}
