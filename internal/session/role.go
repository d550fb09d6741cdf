package session

import "slices"

// Role is what a person may be towards a session.
type Role string

// The roles. System is the program itself: starting, stopping, expiring, and
// recording what happened to deliveries.
const (
	Moderator  Role = "moderator"
	ExpertRole Role = "expert"
	Observer   Role = "observer"
	System     Role = "system"
	Asker      Role = "asker"
)

// Roles are those of which any one will do.
type Roles []Role

// Actor is who gives a command. An asker has no name: the receipt or the original
// message proves that they are the one who asked.
type Actor struct {
	Name PersonName `json:"name,omitempty"`
	Role Role       `json:"role"`
}

// Program is the actor of everything that happens by the clock or by a delivery.
var Program = Actor{Role: System}

// Person is a member of staff as the configuration lists them.
type Person struct {
	Name   PersonName
	Role   Role
	Office string // shown under an expert's name on the public page
	Email  string
	// Accounts are the person's own at each connector that knows them: at the desk, and
	// at public places of the same platform.
	Accounts map[ConnectorID]UserRef
}

// Staff is who works here now. A Directory is one that never changes.
type Staff interface {
	People() Directory
}

// Actor is the person as the giver of commands.
func (p Person) Actor() Actor { return Actor{Name: p.Name, Role: p.Role} }

// Directory finds members of staff; it is the configuration, or a test's list.
type Directory []Person

// People is d itself.
func (d Directory) People() Directory { return d }

// Account finds the person behind an account.
func (d Directory) Account(c ConnectorID, u UserRef) (Person, bool) {
	i := slices.IndexFunc(d, func(p Person) bool { return u != "" && p.Accounts[c] == u })
	if i < 0 {
		return Person{}, false
	}
	return d[i], true
}

// Find returns the person of that name.
func (d Directory) Find(name PersonName) (Person, bool) {
	i := slices.IndexFunc(d, func(p Person) bool { return p.Name == name })
	if i < 0 {
		return Person{}, false
	}
	return d[i], true
}
