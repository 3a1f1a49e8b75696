package calculator

import (
	"time"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/law/workday"
)

// Server is the calculator.
type Server struct {
	calculatorv1.UnimplementedCalculatorServiceServer
	days workday.Calendar
	now  func() time.Time
}

// New makes the calculator on a calendar; today is the civil date of now.
func New(days workday.Calendar, now func() time.Time) *Server { return &Server{days: days, now: now} }

// today is the civil date.
func (s *Server) today() workday.Date { return workday.On(s.now()) }
